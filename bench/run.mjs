// npm run bench [cli|handlers|ready|rollout|shift|synth|validate]: measures, prints, and fails when a target of ours is missed.
import { cli } from './cli.mjs';
import { handlers } from './handlers.mjs';
import { ready } from './ready.mjs';
import { rollout } from './rollout.mjs';
import { shift } from './shift.mjs';
import { synth } from './synth.mjs';
import { validate } from './validate.mjs';

const all = { cli, handlers, ready, rollout, shift, synth, validate };
const wanted = process.argv.slice(2);
for (const name of wanted) {
  if (!(name in all)) {
    console.error(`there is no measurement ${name}; choose from ${Object.keys(all).join(', ')}`);
    process.exit(2);
  }
}
let met = true;
for (const [name, measure] of Object.entries(all)) {
  if (wanted.length === 0 || wanted.includes(name)) met = (await measure()) && met;
}
process.exitCode = met ? 0 : 1;
