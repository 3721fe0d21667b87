/** Errors of people who write documents and schemas. */
export const AUTHORING = {
  'SLUICE-DIR-1': {
    message: 'there is no directory {path}',
    remedy: 'name the directory that holds <document>.yaml and <document>.schema.json',
  },
  'SLUICE-DIR-2': {
    message: 'the directory {path} holds no documents',
    remedy: 'add <document>.yaml or <document>.json with its <document>.schema.json',
  },
  'SLUICE-DIR-3': {
    message: '{path} is neither a document nor a schema',
    remedy: 'keep only <document>.yaml, <document>.json and <document>.schema.json there (files that begin with a dot and *.md are ignored)',
  },
  'SLUICE-DIR-4': {
    message: 'the document {document} has no schema',
    remedy: 'add {document}.schema.json beside it; a schema that only says it is an object is the least',
  },
  'SLUICE-DIR-5': {
    message: 'the schema {path} has no document',
    remedy: 'add {document}.yaml, or delete the schema',
  },
  'SLUICE-DIR-6': {
    message: 'the document {document} is there twice: {paths}',
    remedy: 'delete one of them',
  },
  'SLUICE-DIR-7': {
    message: '"{name}" cannot name a document',
    remedy: 'use a letter, then letters, digits, - or _, 64 characters at most',
  },
  'SLUICE-DOC-1': {
    message: '{at}: the document is {size} bytes, at most {most} fit into an epoch',
    remedy: 'move bulk data to S3 and keep its address here',
  },
  'SLUICE-DOC-2': {
    message: '{at}: the file is not UTF-8 text',
    remedy: 'save it as UTF-8, or remove it from the directory',
  },
  'SLUICE-DOC-3': {
    message: '{at}: {problem}',
    remedy: 'correct the syntax',
  },
  'SLUICE-DOC-4': {
    message: '{at}: a tab where YAML wants spaces',
    remedy: 'indent with spaces',
  },
  'SLUICE-DOC-5': {
    message: '{at}: the key {key} is there twice',
    remedy: 'keep one of them; JSON and YAML readers disagree about which one wins',
  },
  'SLUICE-DOC-6': {
    message: '{at}: the {count} aliases of this document expand to too much',
    remedy: 'write the values out, or use fewer aliases',
  },
  'SLUICE-DOC-7': {
    message: '{at}: merge keys (<<) are not YAML 1.2',
    remedy: 'write the keys out, or use an alias for the whole value',
  },
  'SLUICE-DOC-8': {
    message: '{at}: {got} cannot be a value of a document: {problem}',
    remedy: 'use what JSON has: objects, arrays, text, numbers up to 2^53, true, false and null',
  },
  'SLUICE-DOC-9': {
    message: '{at}: the key {key} is not allowed',
    remedy: 'choose another name; __proto__ is not data in JavaScript',
  },
  'SLUICE-DOC-10': {
    message: '{at}: {path} {expected}, got {got}',
    remedy: '{remedy}',
  },
  'SLUICE-DOC-11': {
    message: 'the epoch would be {size} bytes, AppConfig takes {most}; the largest documents are {largest}',
    remedy: 'move bulk data to S3 and keep its address here',
  },
  'SLUICE-DOC-12': {
    message: '{at}: a merge conflict is not resolved',
    remedy: 'choose one side, and delete the lines that begin with <<<<<<<, ======= and >>>>>>>',
  },
  'SLUICE-DOC-13': {
    message: '{at}: the alias {alias} lies inside its own anchor',
    remedy: 'let it name a value beside it: no document is its own part',
  },
  'SLUICE-SCHEMA-1': {
    message: '{at}: {schema} is not a JSON Schema: {problem}',
    remedy: '{remedy}',
  },
  'SLUICE-SCHEMA-2': {
    message: '{at}: {schema} is written in {got}, which is not supported',
    remedy: 'use draft-04, draft-07, 2019-09 or 2020-12 (https://json-schema.org/draft/2020-12/schema)',
  },
  'SLUICE-SCHEMA-3': {
    message: '{at}: {schema} uses {keyword}, which is not supported',
    remedy: 'use $ref and $defs',
  },
  'SLUICE-SCHEMA-4': {
    message: '{at}: {schema} has the pattern {pattern}, which does not run in linear time: {problem}',
    remedy: 'write it without look-around and back references',
  },
  'SLUICE-SCHEMA-5': {
    message: '{at}: {schema} refers to {reference}, which is not in it',
    remedy: 'put what it names into $defs of the same file',
  },
  'SLUICE-SCHEMA-6': {
    message: '{at}: {schema} refers to itself without end',
    remedy: 'let a reference lead one step down before it comes back: into a property, or the items of an array',
  },
} as const;
