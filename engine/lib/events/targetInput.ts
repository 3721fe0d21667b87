import type { EventEnvelope } from './envelope.ts';
import { compileInputPath } from './inputPath.ts';
import type { InputTransformer, TemplateContext } from './template.ts';
import { fillTemplate, syntaxFault, transformerRefusal } from './template.ts';

/** What a target receives instead of the event. */
export interface TargetInput {
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: InputTransformer;
}

/** What is to be delivered: JSON text; nothing at all; or text that is no JSON, which AWS would put into a dead-letter queue. */
export type Payload = { readonly kind: 'json' | 'invalid'; readonly text: string } | { readonly kind: 'nothing' };

/** Why a target's input is refused, in EventBridge's words; undefined when it is not. */
export function inputRefusal(id: string, index: number, { Input, InputPath, InputTransformer }: TargetInput): string | undefined {
  if ([Input, InputPath, InputTransformer].filter((given) => given !== undefined).length > 1) return `Only one of Input, InputPath, or InputTransformer must be provided for target ${id}.`;
  if (Input !== undefined) {
    const place = syntaxFault(Input);
    return place === undefined ? undefined : `JSON syntax error in input for target ${id}: ${place}`;
  }
  if (InputPath !== undefined && InputPath !== '') return compileInputPath(InputPath) ? undefined : `InputPath for target ${id} is invalid.`;
  return InputTransformer && transformerRefusal(id, index, InputTransformer);
}

/** What a target receives of an event. An empty `Input` delivers nothing and an empty path an empty object, as recorded. */
export function payloadFor({ Input, InputPath, InputTransformer }: TargetInput, event: EventEnvelope, context: TemplateContext): Payload {
  if (Input !== undefined) return text(Input);
  if (InputPath !== undefined) return { kind: 'json', text: JSON.stringify(compileInputPath(InputPath)?.(event) ?? {}) };
  return InputTransformer ? text(fillTemplate(InputTransformer, event, context)) : { kind: 'json', text: JSON.stringify(event) };
}

function text(filled: string): Payload {
  if (filled.trim() === '') return { kind: 'nothing' };
  return { kind: syntaxFault(filled) === undefined ? 'json' : 'invalid', text: filled };
}
