/** A resolved CloudFormation value as cdk-nag writes it in its findings: `<LogicalId.Arn>/epochs/*`. */
export function flatten(value: unknown): string {
  if (typeof value === 'string') return value.replaceAll('${', '<').replaceAll('}', '>');
  const [key, argument] = Object.entries((value ?? {}) as Record<string, unknown>)[0] ?? [];
  switch (key) {
    case 'Ref':
      return `<${flatten(argument)}>`;
    case 'Fn::GetAtt':
      return `<${(argument as unknown[]).map(flatten).join('.')}>`;
    case 'Fn::Join':
      return (argument as [string, unknown[]])[1].map(flatten).join((argument as [string])[0]);
    case 'Fn::Sub':
    case 'Fn::ImportValue':
      return flatten(argument);
    default:
      return JSON.stringify(value);
  }
}
