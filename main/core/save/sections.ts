/** What a section holds when its writer left it out. Honest, unlike "None.", which claims that there was nothing; `lint` points at it. */
export const NOT_RECORDED = '_Not recorded._';

/** What stands in a section that may be left out by its definition: no problems were met. */
export const NONE = 'None.';
