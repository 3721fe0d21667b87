import type { Branch, State } from './branch.ts';
import { isObject } from './datum.ts';
import { jsonPath } from './jsonpath/language.ts';
import type { Fields, QueryLanguage } from './query.ts';
import { compileChoice } from './states/choice.ts';
import { compileFail } from './states/fail.ts';
import { compileMap } from './states/map.ts';
import { compileParallel } from './states/parallel.ts';
import { compilePass, compileSucceed } from './states/pass.ts';
import { compileTask } from './states/task.ts';
import { compileWait } from './states/wait.ts';

/** A definition compiled once per revision: keep it with the revision. */
export interface Machine {
  readonly definition: string;
  readonly branch: Branch;
  /** Seconds after which an execution ends as TIMED_OUT; none when absent. */
  readonly timeoutSeconds: number | undefined;
}

/** Compiles a definition that validateDefinition and refusedFeatures had nothing against; throws on any other. */
export function compile(definition: string): Machine {
  const source: unknown = JSON.parse(definition);
  if (!isObject(source)) throw new Error('a definition must be a JSON object');
  const timeout = source['TimeoutSeconds'];
  return { definition, branch: compileBranch(source, jsonPath), timeoutSeconds: typeof timeout === 'number' && timeout > 0 ? timeout : undefined };
}

function compileBranch(source: Fields, language: QueryLanguage): Branch {
  const states = Object.entries(source['States'] as Fields).map(([name, fields]): [string, State] => [name, compileState(name, fields as Fields, language)]);
  return { startAt: String(source['StartAt']), states: new Map(states) };
}

function compileState(name: string, fields: Fields, language: QueryLanguage): State {
  const type = String(fields['Type']);
  return { name, type, enteredType: `${type}StateEntered`, exitedType: `${type}StateExited`, run: compileRun(type, fields, language) };
}

function compileRun(type: string, fields: Fields, language: QueryLanguage): State['run'] {
  switch (type) {
    case 'Pass': return compilePass(fields, language);
    case 'Succeed': return compileSucceed(fields, language);
    case 'Fail': return compileFail(fields, language);
    case 'Choice': return compileChoice(fields, language);
    case 'Wait': return compileWait(fields, language);
    case 'Task': return compileTask(fields, language);
    case 'Parallel': return compileParallel(fields, language, (fields['Branches'] as readonly Fields[]).map((branch) => compileBranch(branch, language)));
    case 'Map': return compileMap(fields, language, compileBranch((fields['ItemProcessor'] ?? fields['Iterator']) as Fields, language));
    default: throw new Error(`there is no state type ${type}`);
  }
}
