import type { Service } from '../wire/index.ts';
import { capabilityNeeded, templateText, type TemplateInput } from './intake.ts';
import type { Workshop } from './operation.ts';
import { templateOf, type Template } from './template/document.ts';

interface GetInput {
  readonly StackName?: string;
  readonly ChangeSetName?: string;
}

/** The operations on templates. */
export function templateOperations(shop: Workshop): Service['operations'] {
  const { stacks } = shop;
  return {
    GetTemplate({ StackName, ChangeSetName }: GetInput) {
      if (ChangeSetName !== undefined) return { TemplateBody: stacks.changeSet(ChangeSetName, StackName).set.request.template, StagesAvailable: ['Original', 'Processed'] };
      const stack = stacks.find(StackName);
      // A stack under review has no template yet, only its change sets have.
      if (stack.status === 'REVIEW_IN_PROGRESS') return { StagesAvailable: [] };
      return { TemplateBody: stack.request.template, StagesAvailable: ['Original', 'Processed'] };
    },
    ValidateTemplate(input: TemplateInput) {
      const template = templateOf(templateText(shop, input));
      return {
        Description: template.description,
        ...capabilitiesOf(template),
        Parameters: [...template.parameters].map(([key, declared]) => ({ ParameterKey: key, DefaultValue: textOf(declared['Default']), NoEcho: secret(declared), Description: textOf(declared['Description']) })),
      };
    },
    GetTemplateSummary(input: TemplateInput & GetInput) {
      const template = templateOf(input.TemplateBody === undefined && input.TemplateURL === undefined ? stacks.find(input.StackName).request.template : templateText(shop, input));
      return {
        Description: template.description,
        Version: '2010-09-09',
        ...capabilitiesOf(template),
        ...(template.metadata !== undefined && { Metadata: JSON.stringify(template.metadata) }),
        ResourceTypes: [...new Set([...template.resources.values()].map(({ type }) => type))],
        Parameters: [...template.parameters].map(([key, declared]) => ({
          ParameterKey: key,
          ParameterType: textOf(declared['Type']),
          DefaultValue: textOf(declared['Default']),
          NoEcho: secret(declared),
          Description: textOf(declared['Description']),
          ParameterConstraints: Array.isArray(declared['AllowedValues']) ? { AllowedValues: declared['AllowedValues'].map(String) } : {},
        })),
      };
    },
  };
}

function capabilitiesOf(template: Template): Record<string, unknown> {
  const capability = capabilityNeeded(template);
  if (capability === undefined) return {};
  const types = [...new Set([...template.resources.values()].map(({ type }) => type).filter((type) => type.startsWith('AWS::IAM::')))];
  return { Capabilities: [capability], CapabilitiesReason: `The following resource(s) require capabilities: [${types.join(', ')}]` };
}

function secret(declared: Readonly<Record<string, unknown>>): boolean {
  return String(declared['NoEcho']).toLowerCase() === 'true';
}

function textOf(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}
