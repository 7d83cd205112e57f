import type { FaceEntry } from '../contract/report.ts';

/** The logit that counts for a face: the sequence model's if it read the frame, otherwise the classifier's. */
export const countedLogit = ({ sequenceLogit, logit }: FaceEntry): number => sequenceLogit ?? logit;
