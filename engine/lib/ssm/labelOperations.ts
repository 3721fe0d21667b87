import type { Service } from '../wire/index.ts';
import type { Parameters } from './parameters.ts';
import { invalid, refusal } from './refusal.ts';

interface LabelInput {
  readonly Name: string;
  readonly ParameterVersion?: number;
  readonly Labels: readonly string[];
}

const LABELS_AT_MOST = 10;

/** Labels, which name versions of a parameter. */
export function labelOperations(parameters: Parameters): Service['operations'] {
  return {
    LabelParameterVersion({ Name, ParameterVersion, Labels }: LabelInput) {
      const { parameter, version } = parameters.find(ParameterVersion === undefined ? Name : `${Name}:${ParameterVersion}`);
      const tooLong = Labels.find((label) => label.length > 100);
      if (tooLong !== undefined) throw invalid(`1 validation error detected: Value '[${Labels.join(', ')}]' at 'labels' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 100, Member must have length greater than or equal to 1]`);
      const unique = [...new Set(Labels)];
      const good = unique.filter((label) => /^[a-zA-Z0-9_.-]+$/.test(label) && !/^(\d|aws|ssm)/i.test(label));
      if (new Set([...version.labels, ...good]).size > LABELS_AT_MOST) throw refusal('ParameterVersionLabelLimitExceeded', 'A parameter version can have maximum 10 labels.Move one or more labels to another version and try again.');
      for (const label of good) {
        for (const other of parameter.versions) other.labels.delete(label);
        version.labels.add(label);
      }
      return { InvalidLabels: unique.filter((label) => !good.includes(label)), ParameterVersion: version.version };
    },
    UnlabelParameterVersion({ Name, ParameterVersion, Labels }: LabelInput & { readonly ParameterVersion: number }) {
      const { version } = parameters.find(`${Name}:${ParameterVersion}`);
      const unique = [...new Set(Labels)];
      const removed = unique.filter((label) => version.labels.delete(label));
      return { RemovedLabels: removed, InvalidLabels: unique.filter((label) => !removed.includes(label)) };
    },
  };
}
