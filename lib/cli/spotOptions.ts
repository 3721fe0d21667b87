import type { Option } from './option.ts';

/** The options of every command that acts on environments. */
export const SPOT_OPTIONS: readonly Option[] = [
  { type: 'text', name: 'env', value: 'NAMES', summary: 'Only these environments: name or application/name, with commas between' },
  { type: 'text', name: 'project', value: 'DIR', summary: 'Where sluice.yaml is (default: here, or the nearest directory above)' },
];

/** How often commands that wait look again; `why` is what they do meanwhile. */
export function intervalOption(why = ''): Option {
  return { type: 'number', name: 'interval', value: 'SECONDS', least: 0.01, most: 3600, default: '5', summary: `How often AppConfig is asked${why}` };
}
