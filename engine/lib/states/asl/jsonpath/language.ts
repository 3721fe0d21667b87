import { Datum } from '../datum.ts';
import { RuntimeFault } from '../fault.ts';
import type { Fields, Intake, Outlet, Produced, QueryLanguage, Rule, Scalar } from '../query.ts';
import { compileCondition } from './condition.ts';
import { expression, type Expression } from './expression.ts';
import { parseReference, putReference } from './reference.ts';
import { compileTemplate, type Template } from './template.ts';
import type { Environment } from '../environment.ts';

/** JSONPath as the query language of a state. */
export const jsonPath: QueryLanguage = { intake, outlet, catching: catchingOutlet, scalar, items, itemTemplate, rule };

function intake(state: Fields, template: 'Parameters' | undefined): Intake {
  const select = compilePathField(state['InputPath']);
  const parameters = template && compileOptional(state[template]);
  return (received, environment) => {
    const selected = select(received, environment);
    return parameters ? Datum.of(parameters(selected.value, environment)) : selected;
  };
}

function outlet(state: Fields): Outlet {
  const selector = compileOptional(state['ResultSelector']);
  const produce = compileOutput(state);
  return (received, result, environment) => produce(received, selector ? Datum.of(selector(result.value, environment)) : result, environment);
}

function catchingOutlet(catcher: Fields): Outlet {
  return compileOutput({ ResultPath: catcher['ResultPath'], Assign: catcher['Assign'] });
}

/** ResultPath puts the result into what was received, OutputPath selects from that; both see the old variables. */
function compileOutput(state: Fields): Outlet {
  const place = compileResultPath(state['ResultPath']);
  const assign = compileOptional(state['Assign']);
  const select = compilePathField(state['OutputPath']);
  return (received, result, environment): Produced => {
    const assigned = assign?.(result.value, environment) as Readonly<Record<string, unknown>> | undefined;
    return { output: select(place(received, result), environment), assigned };
  };
}

function compileOptional(source: unknown): Template | undefined {
  return source === undefined ? undefined : compileTemplate(source);
}

/** InputPath and OutputPath: absent is everything, null an empty object. */
function compilePathField(path: unknown): Intake {
  if (path === undefined || path === '$') return (datum) => datum;
  if (path === null) return () => Datum.EMPTY;
  const read = expression(String(path));
  return (datum, environment) => Datum.of(required(read, datum.value, environment));
}

function compileResultPath(path: unknown): (received: Datum, result: Datum) => Datum {
  if (path === undefined || path === '$') return (_received, result) => result;
  if (path === null) return (received) => received;
  const reference = parseReference(String(path));
  if (typeof reference === 'string') throw new RuntimeFault(`Invalid path '${String(path)}' : ${reference}`);
  return (received, result) => Datum.of(putReference(received.value, reference, result.value));
}

function required(read: Expression, data: unknown, environment: Environment): unknown {
  const found = read.read(data, environment);
  if (found.found) return found.value;
  throw new RuntimeFault(`Invalid path '${read.text}' : ${found.reason}`);
}

function scalar(state: Fields, name: string): Scalar | undefined {
  const path = state[`${name}Path`];
  if (typeof path === 'string') {
    const read = expression(path);
    return { source: path, read: (data, environment) => read.read(data, environment) };
  }
  const literal = state[name];
  return literal === undefined ? undefined : { source: undefined, read: () => ({ found: true, value: literal }) };
}

function items(state: Fields): (data: Datum, environment: Environment) => readonly unknown[] {
  const path = state['ItemsPath'] ?? '$';
  const read = expression(String(path));
  return (data, environment) => {
    const found = read.read(data.value, environment);
    if (!found.found) throw new RuntimeFault(`Invalid path '${read.text}' : ${found.reason}`);
    // AWS names the path without the second dollar of a context path.
    if (!Array.isArray(found.value)) throw new RuntimeFault(`Reference path "${read.text.replace(/^\$\$/u, '$')}" must point to array.`);
    return found.value as readonly unknown[];
  };
}

function itemTemplate(state: Fields): ((data: Datum, environment: Environment) => unknown) | undefined {
  const template = compileOptional(state['ItemSelector'] ?? state['Parameters']);
  return template && ((data, environment) => template(data.value, environment));
}

function rule(source: Fields, state: Fields): Rule {
  const condition = compileCondition(source);
  return {
    next: String(source['Next']),
    holds: (data, environment) => condition(data.value, environment),
    produce: compileOutput({ Assign: source['Assign'], OutputPath: state['OutputPath'] }),
  };
}
