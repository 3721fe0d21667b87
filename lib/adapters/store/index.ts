export { EpochStore, type LastVerdict } from './epochs.ts';
export { MemoryStore } from './memory.ts';
export { S3Store } from './s3.ts';
export type { Store } from './store.ts';
