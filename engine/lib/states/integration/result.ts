import { loadModel } from '../../wire/index.ts';
import { memberName } from './naming.ts';

type Model = ReturnType<typeof loadModel>;
type Shape = ReturnType<Model['shape']>;

/** An operation's answer as a task's result: members capitalised, instants in ISO 8601, bodies as text, other bytes in base64. */
export function resultOf(service: string, operation: string, answer: Readonly<Record<string, unknown>>): unknown {
  const model = loadModel(service);
  return convert(model, model.shape(model.operation(operation).output), answer, false) ?? {};
}

function convert(model: Model, shape: Shape, value: unknown, isBody: boolean): unknown {
  switch (shape.kind) {
    case 'structure': {
      const own = value as Readonly<Record<string, unknown>>;
      const present = shape.members.filter(({ name }) => own[name] !== undefined && own[name] !== null);
      return Object.fromEntries(present.map((member) => [memberName(member.name), convert(model, model.shape(member.type), own[member.name], member.in === 'payload')]));
    }
    case 'list': return (value as readonly unknown[]).map((item) => convert(model, model.shape(shape.element.type), item, false));
    case 'map': return Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, convert(model, model.shape(shape.value.type), item, false)]));
    case 'timestamp': return new Date(value as number | Date).toISOString().replace('.000Z', 'Z');
    case 'blob': case 'stream': return bytesText(value, isBody || shape.kind === 'stream');
    case 'unit': return {};
    default: return value;
  }
}

function bytesText(value: unknown, isBody: boolean): string {
  const bytes = typeof value === 'string' ? Buffer.from(value) : Buffer.from(value as Uint8Array);
  return bytes.toString(isBody ? 'utf8' : 'base64');
}
