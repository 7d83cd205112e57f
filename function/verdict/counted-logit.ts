import type { FaceEntry } from '../contract/report.ts';

/** The logit of a face that counts: the sequence model's where it read the frame, else the classifier's. */
export const countedLogit = ({ sequenceLogit, logit }: FaceEntry): number => sequenceLogit ?? logit;
