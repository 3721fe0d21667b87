import { isObject } from '../../core/epoch.ts';
import { fault, Fault, shown, type Place } from '../../core/fault.ts';
import { PROJECTING } from '../../core/faults/projecting.ts';
import { PLANS, strategyOf, type Plan } from '../../core/plan.ts';
import type { AllowedValue, Invariant, Ownership, Project, ProjectApplication, ProjectEnvironment, SharedSchema } from '../../core/project.ts';
import { closest } from '../likeness.ts';
import { at, type Path, type SourceFile } from '../source.ts';
import { parseText, type Parsed } from '../text.ts';
import { accepts } from './acceptance.ts';
import { PROJECT_SCHEMA } from './contract.ts';

/** The file that makes a directory a project. */
export const MANIFEST = 'sluice.yaml';

/** A `sluice.yaml` that was understood, with the places of its parts. */
export interface Manifest {
  readonly project: Project;
  readonly parsed: Parsed;
}

/** The shape of the file, after its schema. */
interface Written {
  readonly applications: Readonly<Record<string, WrittenApplication>>;
  readonly plans?: Readonly<Record<string, Plan>>;
  readonly secrets?: { readonly allow?: readonly AllowedValue[] };
}

interface WrittenApplication {
  readonly environments: Readonly<Record<string, WrittenEnvironment>>;
  readonly people?: Readonly<Record<string, readonly string[]>>;
  readonly owners?: readonly (Omit<Ownership, 'approvals'> & { readonly approvals?: number })[];
  readonly schemas?: readonly SharedSchema[];
  readonly invariants?: readonly Invariant[];
}

type WrittenEnvironment = Partial<Omit<ProjectEnvironment, 'name' | 'plan'>> & { readonly plan?: string | Plan };

const PRESETS: Readonly<Record<string, Plan>> = { 'all-at-once': PLANS.allAtOnce, canary: PLANS.canary, linear: PLANS.linear };

/** Reads `sluice.yaml`, unless its schema refuses it: then nothing is answered, and `parseManifest` says why. */
export function acceptedManifest(file: SourceFile): Manifest | readonly Fault[] | undefined {
  const parsed = parseText(file);
  if (parsed instanceof Fault) return [parsed];
  return accepts(PROJECT_SCHEMA, parsed.value) ? understood(parsed) : undefined;
}

/** Understands a `sluice.yaml` that its schema accepts: what is left to find is what a schema cannot say. */
export function understood(parsed: Parsed): Manifest | readonly Fault[] {
  const faults: Fault[] = [];
  const written = parsed.value as Written;
  const wrong = (path: Path, problem: (place: Place | string) => Fault): void => { faults.push(problem(at(parsed.path, parsed.position(path)))); };
  const plans = { ...PRESETS, ...written.plans };
  for (const [name, plan] of Object.entries(written.plans ?? {})) playable(plan, (problem) => { wrong(['plans', name], problem); });
  const applications = asWritten(parsed, ['applications'], written.applications).map(([name, application]) => applicationOf(name, application, plans, { parsed, wrong }));
  return faults.length > 0 ? faults : { project: { applications, allowed: written.secrets?.allow ?? [] }, parsed };
}

interface Source {
  readonly parsed: Parsed;
  readonly wrong: (path: Path, problem: (place: Place | string) => Fault) => void;
}

/** Members in the order of the file: a value has its keys sorted. */
function asWritten<Member>(parsed: Parsed, path: Path, members: Readonly<Record<string, Member>>): [string, Member][] {
  const order = (key: string): number => {
    const { line = 0, column = 0 } = parsed.position([...path, key], 'key') ?? {};
    return line * 10_000 + column;
  };
  return Object.entries(members).sort(([one], [other]) => order(one) - order(other));
}

function applicationOf(name: string, written: WrittenApplication, plans: Readonly<Record<string, Plan>>, { parsed, wrong }: Source): ProjectApplication {
  const environments = asWritten(parsed, ['applications', name, 'environments'], written.environments).map(([environment, settings], index) => {
    const path = ['applications', name, 'environments', environment];
    const plan = planOf(settings.plan ?? 'canary', plans, (problem) => { wrong([...path, 'plan'], problem); });
    const { profile = `${name}-${environment}`, wave = index + 1, guards = [], signed = false, approved = false, heal = [], region } = settings;
    return { name: environment, profile, wave, plan, guards, signed, approved, heal, ...(region === undefined ? {} : { region }) };
  });
  const known = environments.map((one) => one.name);
  const { people = {}, owners = [], schemas = [], invariants = [] } = written;
  for (const [index, { environments: named = [] }] of invariants.entries()) {
    for (const [nth, got] of named.entries()) {
      if (!known.includes(got)) wrong(['applications', name, 'invariants', index, 'environments', nth], (place) => unknownEnvironment(place, name, got, known));
    }
  }
  return { name, environments, owners: owners.map((one) => ({ approvals: 1, ...one })), people, schemas, invariants };
}

function planOf(plan: string | Plan, plans: Readonly<Record<string, Plan>>, wrong: (problem: (place: Place | string) => Fault) => void): Plan {
  if (typeof plan !== 'string') {
    playable(plan, wrong);
    return plan;
  }
  const known = Object.hasOwn(plans, plan) ? plans[plan] : undefined;
  if (known === undefined) wrong((place) => fault(PROJECTING, 'SLUICE-PROJECT-7', { at: place, got: plan, names: Object.keys(plans).join(', ') }));
  return known ?? PLANS.canary;
}

/** AppConfig cannot play every plan; it says so when the project is read, not when it is released. */
function playable(plan: Plan, wrong: (problem: (place: Place | string) => Fault) => void): void {
  try {
    strategyOf(plan);
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    wrong((place) => fault(PROJECTING, 'SLUICE-PROJECT-2', { at: place, path: isObject(plan) ? `the plan ${plan.kind}` : 'the plan', expected: 'must be one that AppConfig can play', got: shown(plan), remedy: cause.message }));
  }
}

function unknownEnvironment(place: Place | string, application: string, got: string, known: readonly string[]): Fault {
  const meant = closest(got, known);
  return fault(PROJECTING, 'SLUICE-PROJECT-2', {
    at: place, path: 'an invariant', expected: `must name an environment of ${application}`, got,
    remedy: meant === undefined ? `use one of ${known.join(', ')}` : `did you mean ${meant}?`,
  });
}
