// The whole story with all its orders, as `npm start` plays it: printed, ended as promised, and told as README shows it but for numbers.
// Deployed in process and with threads that are delayed at random, the same seed has the same history.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { rehearse } from 'sluice/rehearsal';

/** Text without its numbers, which other versions of Node.js draw otherwise, its bars and its line breaks. */
const masked = (text) => text.replace(/\d[\d,.:]*/g, '#').replace(/[\s█░]+/g, ' ').trim();

const story = spawn('npm', ['start', '--', '--no-color'], { stdio: ['ignore', 'pipe', 'inherit'], shell: process.platform === 'win32' });
let printed = '';
story.stdout.setEncoding('utf8').on('data', (text) => {
  printed += text;
  process.stdout.write(text);
});
const [code, { history }] = await Promise.all([
  new Promise((resolve) => { story.once('close', resolve); }),
  rehearse({ deployBy: 'assembly', jitterMs: 5 }),
]);
const same = /history\s+([0-9a-f]{12})\./.exec(printed)?.[1] === history.slice(0, 12);
const excerpts = [...readFileSync('README.md', 'utf8').matchAll(/```\n((?:Release|Shift) \d: [\s\S]*?)```/g)].map(([, excerpt]) => excerpt);
const missing = excerpts.filter((excerpt) => !masked(printed).includes(masked(excerpt)));
for (const excerpt of missing) console.error(`README shows what the story did not tell:\n\n${excerpt}`);
if (excerpts.length < 2) console.error('README shows a release and the shift no more');
if (!same) console.error(`delayed at random, the story has another history: ${history}`);
process.exitCode = !same || code !== 0 || missing.length > 0 || excerpts.length < 2 ? 1 : 0;
