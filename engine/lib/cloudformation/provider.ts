import type { House } from '../ports.ts';
import type { Api } from './api.ts';

/**
 * What a change of a property means: `update` changes the resource where it stands, `replace` makes a new one. `kept` is stored with the
 * stack and has no effect in the engine, since nothing there would behave differently.
 */
export type PropertyRule = 'update' | 'replace' | 'kept';

/** A resource's properties, every intrinsic function carried out. */
export type Properties = Readonly<Record<string, unknown>>;

/** What a provider made. */
export interface Made {
  /** The physical id. */
  readonly id: string;
  /** What Ref gives. @default the physical id */
  readonly ref?: unknown;
  /** What Fn::GetAtt gives, by name; a dotted name is written out. */
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** The resource a provider is asked about, and the means to act. */
export interface ProviderCall {
  /** The logical id. */
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Properties;
  readonly stack: { readonly id: string; readonly name: string; readonly roleArn?: string };
  readonly house: House;
  /** The engine's own services. */
  readonly api: Api;
  /** A physical name for a resource whose template gives none: stack, logical id and 13 characters. */
  readonly name: (longest?: number) => string;
  /** Calls back when the operation gives up while this call is still waiting for something. */
  readonly onCancel: (listener: () => void) => void;
}

/** A call about a resource that exists. */
export interface ExistingCall extends ProviderCall {
  readonly id: string;
  /** Properties before; those of the resource itself in a deletion. */
  readonly before: Properties;
}

/** How one type of resource is made, changed and removed. */
export interface Provider {
  readonly type: string;
  readonly properties: Readonly<Record<string, PropertyRule>>;
  readonly required?: readonly string[];
  create(call: ProviderCall): Promise<Made>;
  /** Changes a resource; another physical id in the answer means that it was replaced. @default nothing can be updated */
  update?(call: ExistingCall): Promise<Made>;
  delete(call: ExistingCall): Promise<void>;
}

/** Why a resource could not be made, changed or removed, for its event. */
export class ResourceFailure extends Error {
  /** What exists all the same and has to be removed. */
  readonly made: Made | undefined;

  constructor(message: string, made?: Made) {
    super(message);
    this.name = 'ResourceFailure';
    this.made = made;
  }
}
