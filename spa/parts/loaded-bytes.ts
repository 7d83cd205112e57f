/** Bytes that an analysis in the browser loads once: models, runtime, and the programs that read a file's origin. */
export const loadedBytes = 43e6;

/** Bytes that the comparison of faces loads once: the runtime and the identity model. */
export const matcherBytes = 20e6;
