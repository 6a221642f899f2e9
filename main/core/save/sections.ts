/** Content of a section its writer left out. Honest, unlike "None.", which claims that there was nothing; `lint` reports it. */
export const NOT_RECORDED = '_Not recorded._';

/** Content of a section that may be omitted by its definition: no problems were met. */
export const NONE = 'None.';
