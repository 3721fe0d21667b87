/** The Common Expression Language. */
export { Environment } from '@marcbachmann/cel-js';
