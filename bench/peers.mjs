// npm run test:peers: installs and starts the other tools that bench/ runs beside Sluice, as far as they can be had here.
import { ministack } from './ministack.mjs';

const peers = [ministack];
let [started, broken] = [0, 0];
for (const peer of peers) {
  const command = peer.installed();
  if (command === undefined) {
    console.log(`${peer.name}: not tried, it needs ${peer.needs}`);
    continue;
  }
  try {
    const { ms, mb } = await peer.start(command);
    console.log(`${peer.name}: answers after ${ms.toFixed(0)} ms, with ${mb.toFixed(0)} MB`);
    started += 1;
  } catch (error) {
    console.log(`${peer.name}: installed, and ${error.message}`);
    broken += 1;
  }
}
console.log('Measured beside Sluice, and no peers to start: plain aws-cdk-lib (bench/plain.mjs); the rules of GrowthBook, Kayenta, Statsig and an alarm, by their formulas (bench/judge/peers.ts)');
console.log(`peers: ${started} started, ${broken} failed, ${peers.length - started - broken} not tried`);
process.exitCode = broken === 0 ? 0 : 1;
