import type { EpochCounts } from '../../rehearsal/counts.ts';
import type { Scene } from '../../rehearsal/scene.ts';
import { clock, count, duration, WIDTH, wrap } from './layout.ts';
import type { Style } from './terminal.ts';

type Counts = Pick<EpochCounts, 'started' | 'failed'>;
type SceneOf<Kind extends Scene['kind']> = Extract<Scene, { readonly kind: Kind }>;

const BAR = 20;
/** Where the counts begin. */
const COUNTS = 48;
const ENDED: ReadonlySet<string> = new Set(['COMPLETE', 'ROLLED_BACK', 'REVERTED']);

/** Draws the scenes of a rehearsal one below the other, as they come. */
export class Storyboard {
  /** The titles of the releases so far, by number. */
  readonly titles: Map<number, string> = new Map();
  readonly #style: Style;
  #releasedAt = 0;
  #tabled = false;
  #alarm = '';
  #apart = false;
  #deploying = false;

  constructor(style: Style) {
    this.#style = style;
  }

  /** What is about to be seen. */
  opening(unpinned: boolean): string[] {
    return [
      ...wrap('Sluice changes the configuration of running workflows step by step, and takes a bad change back by itself. Here five releases and a new version of the workflow are played on a local AWS, in virtual time: real handlers, real AppConfig deployments, real alarms.'),
      '',
      ...wrap(unpinned
        ? 'Each order runs three Lambda tasks, and nothing pins it (--unpinned): every task reads the configuration that is live at its moment.'
        : 'Each order runs three Lambda tasks. It is pinned to the configuration it begins with, so that all its tasks read the same one, whatever is released meanwhile.'),
    ];
  }

  /** The lines of one scene. */
  lines(scene: Scene): string[] {
    switch (scene.kind) {
      case 'deploy': return this.#deployed(scene);
      case 'ready': return ['', ...wrap(`An order starts every ${duration(scene.everyMs / 1000)}. Orders are counted from the start of each release.`)];
      case 'release':
        this.titles.set(scene.release, scene.title);
        return this.#begins(scene, `Release ${scene.release}: ${scene.title}`);
      case 'stage': return this.#stage(scene);
      case 'alarm': return this.#alarmed(scene);
      case 'decision': return this.#at(scene.time, `${scene.by === 'judge' ? 'the judge' : `the handler ${scene.by}`}: ${scene.reason}`);
      case 'shift': return [
        ...this.#begins(scene, `Shift ${scene.shift}: ${scene.title}`),
        ...this.#at(scene.time, 'CloudFormation is given the next template, as cdk deploy does; the alias stays where it is'),
      ];
      case 'shifting': return this.#shifting(scene);
      case 'refused': return this.#refused(scene);
    }
  }

  #deployed({ command }: SceneOf<'deploy'>): string[] {
    const first = !this.#deploying;
    this.#deploying = true;
    return [...(first ? ['', ...wrap('The reference app, bin/app.ts, is deployed to it first, guards and all:')] : []), ...wrap(`$ ${command}`, '  ')];
  }

  #begins(scene: SceneOf<'release' | 'shift'>, heading: string): string[] {
    const { bold, dim, glyphs } = this.#style;
    this.#releasedAt = scene.time;
    this.#tabled = false;
    this.#apart = true;
    return ['', dim(glyphs.rule.repeat(WIDTH)), ...wrap(heading).map(bold), ...scene.change.flatMap((line) => wrap(line, '  '))];
  }

  #stage(scene: SceneOf<'stage'>): string[] {
    if (scene.state === 'ROLLING_BACK') return this.#at(scene.time, `AppConfig rolls back${this.#alarm === '' ? '' : `: its monitor ${this.#alarm} is in ALARM`}`);
    if (ENDED.has(scene.state)) return this.#outcome(scene);
    // Right after the start nothing is exposed and nothing counted.
    if (scene.percent === 0) return this.#at(scene.time, 'the gate: valid by its schemas. AppConfig starts the deployment');
    return [...this.#heading(), this.#row(scene)];
  }

  #shifting(scene: SceneOf<'shifting'>): string[] {
    switch (scene.state) {
      case 'waiting':
      case 'claimed': return this.#at(scene.time, `the controller: ${scene.text}`);
      case 'growing':
      case 'baking': return [...this.#heading(), this.#row({ ...scene, state: scene.state.toUpperCase() })];
      case 'returning': return this.#at(scene.time, `${scene.by === 'judge' ? 'the judge' : 'the controller'}: ${scene.text}`);
      default: return this.#verdict(scene, scene.state === 'complete' ? this.#style.good : this.#style.warn, `after ${this.#after(scene)}: ${ordersFailed(scene.canary)}; ${count(scene.control.started)} others never saw it`);
    }
  }

  #heading(): string[] {
    if (this.#tabled) return [];
    this.#tabled = true;
    const blank = ' '.repeat(COUNTS);
    return ['', `${blank}on the new one  on the old one`, `${'  clock     exposure'.padEnd(COUNTS)}started failed  started failed`].map(this.#style.dim);
  }

  #row(scene: Pick<SceneOf<'stage'>, 'time' | 'percent' | 'state'> & { readonly canary: Counts; readonly control?: Counts }): string {
    const { glyphs } = this.#style;
    const full = Math.round((scene.percent / 100) * BAR);
    const head = `  ${clock(scene.time)}  ${glyphs.full.repeat(full)}${glyphs.empty.repeat(BAR - full)} ${`${scene.percent} %`.padStart(5)}  ${scene.state === 'BAKING' ? 'baking' : ''}`;
    return `${head.padEnd(COUNTS)}${this.#counts(scene.canary)}${scene.control === undefined ? '' : `  ${this.#counts(scene.control)}`}`;
  }

  #counts({ started, failed }: Counts): string {
    const shown = count(failed).padStart(7);
    return `${count(started).padStart(7)}${failed > 0 ? this.#style.bad(shown) : shown}`;
  }

  #outcome(scene: SceneOf<'stage'>): string[] {
    const { good, warn } = this.#style;
    const [after, orders] = [this.#after(scene), ordersFailed(scene.canary)];
    switch (scene.state) {
      case 'COMPLETE': return this.#verdict(scene, good, scene.canary.started === 0 ? 'at once, since nothing runs yet' : `after ${after}: ${orders}`);
      case 'ROLLED_BACK': return this.#verdict(scene, warn, `after ${after}: ${orders}; ${count(scene.control?.started ?? 0)} others never saw it`);
      default: return this.#verdict(scene, warn, `after ${after}: ${orders}; the old one is back`);
    }
  }

  #after({ time }: { readonly time: number }): string {
    return duration((time - this.#releasedAt) / 1000);
  }

  #verdict(scene: { readonly state: string }, mark: (text: string) => string, text: string): string[] {
    this.#apart = true;
    const state = scene.state.toUpperCase();
    return ['', ...wrap(`${state} ${text}`, '  ').map((line, at) => (at === 0 ? line.replace(state, mark) : line))];
  }

  #alarmed(scene: SceneOf<'alarm'>): string[] {
    this.#alarm = scene.state === 'ALARM' ? scene.name : '';
    return this.#at(scene.time, `alarm ${scene.name}: ${scene.state}`).map((line) => line.replace(/ALARM$/, this.#style.bad));
  }

  #refused(scene: SceneOf<'refused'>): string[] {
    const where = scene.path === 'git' ? 'in git, before anything is created' : 'in the AWS console, by the gate that AppConfig asks';
    const [message = '', ...excerpt] = scene.text.split('\n');
    return ['', `  ${this.#style.warn('REFUSED')} ${where}`, ...wrap(message, '    '), ...excerpt.map((line) => `    ${line}`.slice(0, WIDTH))];
  }

  /** Something that happened at an instant; apart from the verdict before it. */
  #at(time: number, text: string): string[] {
    const [first, ...more] = wrap(text, '', WIDTH - 12);
    const gap = this.#apart ? [''] : [];
    this.#apart = false;
    return [...gap, `  ${clock(time)}  ${first}`, ...more.map((line) => `${' '.repeat(12)}${line}`)];
  }
}

function ordersFailed({ started, failed }: Counts): string {
  return `${failed === 0 ? 'none' : count(failed)} of its ${count(started)} orders failed`;
}
