/** Ajv with all its drafts and formats. By this one name it is built into one file; so are the others here. */
export { Ajv, type Options, type ValidateFunction } from 'ajv';
export { Ajv2019 } from 'ajv/dist/2019.js';
export { Ajv2020 } from 'ajv/dist/2020.js';
export { default as draft04 } from 'ajv-draft-04';
export { default as formats } from 'ajv-formats';
