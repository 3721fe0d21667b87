import type { Member, Model, Structure } from './model.ts';
import { WireFault } from './fault.ts';

/** The code each service refuses input with that breaks its model. */
const CODES: Readonly<Record<string, string>> = {
  appconfig: 'BadRequestException',
  appconfigdata: 'BadRequestException',
  'cloudwatch-logs': 'InvalidParameterException',
  cloudformation: 'ValidationError',
  cloudwatch: 'ValidationError',
  sts: 'ValidationError',
  s3: 'InvalidRequest',
};

/** A service's refusal of input that breaks its model, with AWS's opening words. */
export function validationFault(service: string, violations: readonly string[]): WireFault {
  const count = violations.length;
  return new WireFault({
    code: CODES[service] ?? 'ValidationException',
    status: 400,
    message: `${count} validation error${count === 1 ? '' : 's'} detected: ${violations.join('; ')}`,
  });
}

/** The refusal of a body that is not of the model's types, or not of the protocol at all. */
export function serializationFault(message: string): WireFault {
  return new WireFault({ code: 'SerializationException', status: 400, message });
}

/** Refuses input in which required members are missing, naming all of them as AWS does. */
export function requireMembers(model: Model, shape: Structure, input: Record<string, unknown>): void {
  const violations: string[] = [];
  collect(model, shape, input, '', violations);
  if (violations.length > 0) throw validationFault(model.service, violations);
}

function collect(model: Model, shape: Structure, value: Record<string, unknown>, path: string, violations: string[]): void {
  for (const member of shape.members) {
    const own = value[member.name];
    const at = `${path}${member.name.charAt(0).toLowerCase()}${member.name.slice(1)}`;
    if (own === undefined) {
      if (member.required) violations.push(missing(member, at));
    } else {
      descend(model, member, own, at, violations);
    }
  }
}

/** AppConfig leaves the word null out for a payload. */
function missing(member: Member, at: string): string {
  return `Value ${member.in === 'payload' ? '' : 'null '}at '${at}' failed to satisfy constraint: Member must not be null`;
}

function descend(model: Model, member: Member, value: unknown, at: string, violations: string[]): void {
  const shape = model.shape(member.type);
  if (shape.kind === 'structure') {
    collect(model, shape, value as Record<string, unknown>, `${at}.`, violations);
  } else if (shape.kind === 'list') {
    (value as unknown[]).forEach((item, index) => { descend(model, shape.element, item, `${at}.${index + 1}.member`, violations); });
  } else if (shape.kind === 'map') {
    for (const [key, item] of Object.entries(value as object)) descend(model, shape.value, item, `${at}.${key}.member`, violations);
  }
}
