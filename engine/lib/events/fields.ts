import { JsonReader } from './reader.ts';

/** A leaf of an event: strings in their quotes, everything else as JSON writes it. */
export interface Leaf {
  readonly value: string;
  /** For each array on the way to it, by number, the index it lies at. */
  readonly indexes: ReadonlyMap<number, number>;
}

/** An event's leaves by path: names joined with dots, arrays passed through. */
export type Fields = ReadonlyMap<string, readonly Leaf[]>;

/** Flattens an event's JSON text as event-ruler does; a name written twice has both values. Throws a JsonFault for text that is no JSON. */
export function fieldsOf(text: string): Fields {
  const reader = new JsonReader(text);
  const fields = new Map<string, Leaf[]>();
  let arrays = 0;

  const add = (path: string, indexes: ReadonlyMap<number, number>, value: string): void => {
    const leaves = fields.get(path);
    if (leaves) leaves.push({ value, indexes });
    else fields.set(path, [{ value, indexes }]);
  };
  const value = (path: string, indexes: ReadonlyMap<number, number>, token: string | undefined): void => {
    if (token === 'object') object(path, indexes);
    else if (token === 'array') array(path, indexes);
    else add(path, indexes, token === 'string' ? `"${reader.text()}"` : reader.text());
  };
  const object = (path: string, indexes: ReadonlyMap<number, number>): void => {
    while (reader.next() === 'name') {
      const name = reader.text();
      value(path === '' ? name : `${path}.${name}`, indexes, reader.next());
    }
  };
  const array = (path: string, indexes: ReadonlyMap<number, number>): void => {
    const number = arrays;
    arrays += 1;
    for (let index = 0; ; index += 1) {
      const token = reader.next();
      if (token === 'end-array') return;
      // A plain value's own place in its array binds nothing: several fields may take different ones.
      const deeper = token === 'object' || token === 'array' ? new Map([...indexes, [number, index] as const]) : indexes;
      value(path, deeper, token);
    }
  };

  if (reader.next() !== 'object') reader.fail('Event must be a JSON object');
  object('', new Map());
  return fields;
}

/** As `fieldsOf`, of what would be written as JSON text, without writing it. */
export function fieldsOfValue(event: object): Fields {
  const fields = new Map<string, Leaf[]>();
  let arrays = 0;

  const take = (path: string, indexes: ReadonlyMap<number, number>, value: unknown): void => {
    if (Array.isArray(value)) list(path, indexes, value);
    else if (typeof value === 'object' && value !== null) object(path, indexes, value);
    else {
      const leaf = { value: typeof value === 'string' ? `"${value}"` : JSON.stringify(value) ?? 'null', indexes };
      const leaves = fields.get(path);
      if (leaves) leaves.push(leaf);
      else fields.set(path, [leaf]);
    }
  };
  const object = (path: string, indexes: ReadonlyMap<number, number>, value: object): void => {
    for (const [name, own] of Object.entries(value)) {
      if (own !== undefined) take(path === '' ? name : `${path}.${name}`, indexes, own);
    }
  };
  const list = (path: string, indexes: ReadonlyMap<number, number>, items: readonly unknown[]): void => {
    const number = arrays;
    arrays += 1;
    for (const [index, item] of items.entries()) {
      take(path, typeof item === 'object' && item !== null ? new Map([...indexes, [number, index] as const]) : indexes, item);
    }
  };

  object('', new Map(), event);
  return fields;
}
