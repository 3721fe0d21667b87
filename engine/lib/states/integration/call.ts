import type { Actor, House } from '../../ports.ts';
import { loadModel, WireFault, wireRequest, type Call, type Service } from '../../wire/index.ts';
import { requireMembers } from '../../wire/violation.ts';

/** The engine's services by the names of their models. */
export type Services = () => ReadonlyMap<string, Service>;

/** Whether the engine has an operation. */
export function implemented(services: Services, service: string, operation: string): boolean {
  const found = services().get(service);
  return found !== undefined && Object.hasOwn(found.operations, operation);
}

/** Calls an operation for an actor, whose rights are looked up as for a call over the wire; rejects with the WireFault it is refused with. */
export async function callFor(house: House, services: Services, actor: Actor, target: { readonly service: string; readonly operation: string }, input: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { service, operation } = target;
  const handler = implemented(services, service, operation) ? services().get(service)?.operations[operation] : undefined;
  if (!handler) throw new Error(`a machine was made that calls ${service}:${operation}, which the engine has not`);
  const model = loadModel(service);
  const shape = model.shape(model.operation(operation).input);
  const call: Call = { service, operation, input, request: wireRequest('POST', '/') };
  if (shape.kind === 'structure') requireMembers(model, shape, input);
  const denied = house.ports.access.refusalOf(actor, call);
  if (denied) throw denied;
  try {
    return ((await handler(input as never, call)) ?? {}) as Record<string, unknown>;
  } catch (refusal) {
    throw refusal instanceof WireFault ? house.ports.access.concealed(actor, call, refusal) : refusal;
  }
}

/** A refusal's status on the wire. */
export function statusOf(service: string, fault: WireFault): number {
  return fault.status ?? loadModel(service).error(fault.code)?.error?.status ?? 400;
}
