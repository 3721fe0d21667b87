import { fits, type AllowedValue, type Invariant, type ProjectApplication, type ProjectEnvironment } from '../../core/project.ts';
import type { Rules } from '../../core/rules.ts';

/** The invariants of an application that hold in one of its environments. */
export function holdingIn({ invariants }: ProjectApplication, { name }: ProjectEnvironment): readonly Invariant[] {
  return invariants.filter(({ environments }) => environments?.includes(name) !== false);
}

/** What the project demands of an environment's documents beyond their schemas; nothing when it demands nothing. */
export function rulesOf(application: ProjectApplication, environment: ProjectEnvironment, allowed: readonly AllowedValue[], documents: readonly string[]): Rules | undefined {
  const invariants = holdingIn(application, environment).map(({ name, rule, message }) => ({ name, rule, message }));
  const own = allowed.filter(({ document }) => documents.some((name) => fits(document, `${application.name}/${name}`))).map(({ document, path }) => ({ document, path }));
  if (invariants.length === 0 && own.length === 0 && !environment.approved) return undefined;
  const { name, owners, people } = application;
  return { sluice: 1, application: name, environment: environment.name, invariants, allowed: own, ...(environment.approved ? { approvals: { owners, people } } : {}) };
}
