/** YAML with places and comments: of the library what documents need. */
export {
  Composer, isAlias, isMap, isNode, isPair, isScalar, isSeq, Lexer, LineCounter, parseDocument, Parser, visit, YAMLParseError,
  type CST, type Document, type Node, type Pair, type Scalar,
} from 'yaml';
