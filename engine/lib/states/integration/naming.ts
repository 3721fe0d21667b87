/** A member's name as AWS SDK integrations spell it: that of the SDK for Java, with a capital: `stateMachineArn` is `StateMachineArn`, `DBName` `DbName`, `ETag` `ETag`. */
export function memberName(name: string): string {
  return capitalised(uncapitalised(name));
}

/** An operation's name as a Resource has it: `ListObjectsV2` is `listObjectsV2`. */
export function actionName(operation: string): string {
  return uncapitalised(operation);
}

/** The class the SDK for Java has for an error's shape: `InvalidToken` is `InvalidTokenException`, `KMSInvalidStateException` `KmsInvalidStateException`. */
export function exceptionName(shape: string): string {
  const base = shape.replace(/(?:Fault|Exception)$/, '');
  return `${words(base).map((word) => capitalised(word.toLowerCase())).join('')}Exception`;
}

/** As the SDK for Java's code generator does: all of the leading capitals but the one a word begins with (Utils.unCapitalize). */
function uncapitalised(name: string): string {
  const leading = /^[A-Z]+/.exec(name)?.[0].length ?? 0;
  const wordBegins = leading > 1 && /^[a-z]/.test(name.slice(leading));
  const lowered = wordBegins ? leading - 1 : leading;
  return name.slice(0, lowered).toLowerCase() + name.slice(lowered);
}

/** As the SDK for Java's code generator does (CodegenNamingUtils.splitOnWordBoundaries), for the names of this engine's models. */
function words(name: string): string[] {
  return name
    .replace(/[^A-Za-z0-9]+/g, ' ')
    .replace(/([a-z])(?=[A-Z][a-zA-Z0-9])/g, '$1 ')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .replace(/([0-9])([a-zA-Z])/g, '$1 $2')
    .trim().split(/ +/);
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
