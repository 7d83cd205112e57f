/** What an analysis in the browser loads once: models, runtime and what reads where a file comes from, bytes. */
export const loadedBytes = 43e6;

/** What the comparison of faces loads once: the runtime and the identity model, bytes. */
export const matcherBytes = 20e6;
