import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { peer } from '../../lib/adapters/peer.ts';

function missing(name: string): () => Promise<never> {
  return () => Promise.reject(Object.assign(new Error(`Cannot find package '${name}' imported from /app/index.js`), { code: 'ERR_MODULE_NOT_FOUND' }));
}

describe('an optional peer', () => {
  test('that is installed is loaded', async () => {
    expect(await peer('node:path', () => import('node:path'))).toHaveProperty('join');
  });

  test('that is missing is an error with the command that installs it', async () => {
    await expect(peer('@aws-sdk/client-s3', missing('@aws-sdk/client-s3'))).rejects.toThrow('SLUICE-PEER-1: @aws-sdk/client-s3 is not installed; run: npm install @aws-sdk/client-s3');
  });

  test('of which one file was asked for is named as a package when it is missing', async () => {
    const resolved = peer('no-such-peer', async () => createRequire(import.meta.url).resolve('no-such-peer/package.json'));

    await expect(resolved).rejects.toThrow('SLUICE-PEER-1: no-such-peer is not installed; run: npm install no-such-peer');
  });

  test('whose own dependency is missing keeps its own error', async () => {
    await expect(peer('@aws-sdk/client-s3', missing('tslib'))).rejects.toThrow("Cannot find package 'tslib'");
  });
});
