import { readFileSync } from 'node:fs';

/** The other tools this folder measures Sluice against, by package name. */
const { dependencies = {} } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
const peers = Object.keys(dependencies);

console.log(`${peers.length} peers${peers.length === 0 ? ': nothing is measured against another tool yet' : `: ${peers.join(', ')}`}`);
