/** Regular expressions in linear time. */
export { RE2JS } from 're2js';
