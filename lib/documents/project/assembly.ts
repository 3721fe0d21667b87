import type { Digest } from '../../core/digest.ts';
import type { EpochDocument } from '../../core/epoch.ts';
import { fault, Fault, type Place } from '../../core/fault.ts';
import { AUTHORING } from '../../core/faults/authoring.ts';
import { PROJECTING } from '../../core/faults/projecting.ts';
import { fits, type Project, type ProjectApplication, type ProjectEnvironment } from '../../core/project.ts';
import { composition, findings, parsedSchema, type Composition, type Refusal } from '../composition.ts';
import type { Schema } from '../schema.ts';
import { sorted, type Sorted } from '../sorting.ts';
import type { Path, SourceFile } from '../source.ts';
import { parseText, type Parsed, type Placed } from '../text.ts';
import { byFolder, FOLDER, meant, stray, type ApplicationFiles } from './folders.ts';
import { MANIFEST, type Manifest } from './manifest.ts';
import { overlaid } from './overlay.ts';
import { parseManifest } from './refusal.ts';
import { rulesOf } from './rules.ts';
import { Vault } from './vault.ts';

/** What one environment of one application is to have. */
export interface Target {
  readonly application: ProjectApplication;
  readonly environment: ProjectEnvironment;
  readonly composition: Composition;
  /** The documents by name, with the place in which each value was written. */
  readonly documents: ReadonlyMap<string, Placed>;
  /** Where something that `sluice.yaml` says of the application stands. */
  placeOf(path: Path): Place | string;
}

/** A project without a fault: what each environment is to have, in the order of `sluice.yaml`. */
export interface Assembly {
  readonly project: Project;
  readonly targets: readonly Target[];
  /** The files by path, to show faults that come later. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Assembles a project from its files, whose paths begin at the directory of `sluice.yaml`: every document of every environment, with
 * its overlay, judged by its schema. All faults are collected, each once.
 */
export function assemble(files: readonly SourceFile[]): Assembly | Refusal {
  const texts = new Map<string, string>();
  const written = files.find(({ path }) => path === MANIFEST);
  if (written === undefined) return { faults: [fault(PROJECTING, 'SLUICE-PROJECT-1', { path: '.' })], files: texts };
  const manifest = parseManifest(written);
  if (!('project' in manifest)) return { faults: manifest, files: texts };
  texts.set(MANIFEST, manifest.parsed.text);
  const { folders, faults } = byFolder(manifest.project, files.filter(({ path }) => path.startsWith(`${FOLDER}/`)));
  const whole: Whole = { manifest, texts, faults, vault: new Vault(manifest.project.allowed) };
  const targets = manifest.project.applications.flatMap((application) => {
    const folder = folders.get(application.name);
    return folder === undefined ? [] : new ApplicationAssembly(application, folder, whole).targets();
  });
  // Only of a project whose documents could all be read is it known that an allowance is of no use.
  if (faults.length === 0) faults.push(...whole.vault.unused(manifest.parsed));
  // What is wrong with a document is wrong in every environment that has it.
  if (faults.length > 0) return { faults: [...new Map(faults.map((one) => [sameness(one), one] as const).reverse()).values()].reverse(), files: texts };
  return { project: manifest.project, targets, texts };
}

/** Equal for faults that tell the same of the same place, whatever value an overlay has around it. */
function sameness({ message, place }: Fault): string {
  return place === undefined ? message : message.replace(/, got .*$/s, '');
}

/** What is of the whole project while it is assembled. */
interface Whole {
  readonly manifest: Manifest;
  readonly texts: Map<string, string>;
  readonly faults: Fault[];
  readonly vault: Vault;
}

/** A document of an application: what it says everywhere, and its schema. */
interface Base {
  readonly parsed: Parsed;
  readonly schema: Schema;
}

class ApplicationAssembly {
  readonly #application: ProjectApplication;
  readonly #folder: ApplicationFiles;
  readonly #manifest: Manifest;
  readonly #texts: Map<string, string>;
  readonly #faults: Fault[];
  readonly #vault: Vault;
  readonly #schemas = new Map<SourceFile, Schema | Fault>();
  readonly #checked = new Set<Placed>();

  constructor(application: ProjectApplication, folder: ApplicationFiles, { manifest, texts, faults, vault }: Whole) {
    this.#application = application;
    this.#folder = folder;
    this.#manifest = manifest;
    this.#texts = texts;
    this.#faults = faults;
    this.#vault = vault;
  }

  readonly #placeOf = (path: Path): Place | string => this.#manifest.parsed.place(['applications', this.#application.name, ...path]);

  targets(): Target[] {
    const before = this.#faults.length;
    const base = sorted(this.#folder.base);
    this.#faults.push(...base.faults);
    if (base.documents.size === 0) {
      const { name } = this.#application;
      this.#faults.push(fault(PROJECTING, 'SLUICE-PROJECT-5', { at: this.#manifest.parsed.place(['applications', name], 'key'), application: name }));
      return [];
    }
    this.#matching([...base.documents.keys()]);
    const documents = this.#bases(base);
    const targets = this.#application.environments.flatMap((environment) => this.#target(environment, base, documents));
    return this.#faults.length > before ? [] : targets;
  }

  /** Patterns that fit nothing are misspelt. */
  #matching(documents: readonly string[]): void {
    const { name, owners, schemas } = this.#application;
    for (const [list, entries] of [['owners', owners], ['schemas', schemas]] as const) {
      for (const [index, { documents: pattern }] of entries.entries()) {
        if (documents.some((document) => fits(pattern, document))) continue;
        const place = this.#placeOf([list, index, 'documents']);
        this.#faults.push(fault(PROJECTING, 'SLUICE-PROJECT-9', { at: place, pattern, application: name, names: few(documents), remedy: meant(pattern, documents, 'correct it, or remove the entry') }));
      }
    }
  }

  #bases({ documents, schemas, twice }: Sorted): ReadonlyMap<string, Base> {
    const found = new Map<string, Base>();
    const used = new Set<SourceFile>();
    for (const [name, file] of documents) {
      const shared = this.#application.schemas.findLastIndex(({ documents: pattern }) => fits(pattern, name));
      const schemaName = this.#application.schemas[shared]?.schema ?? name;
      const schemaFile = schemas.get(schemaName);
      if (schemaFile !== undefined) used.add(schemaFile);
      if (twice.has(name)) continue;
      const [parsed, schema] = [this.#parsed(file), this.#schema(name, schemaFile, shared)];
      if (parsed !== undefined && schema !== undefined) found.set(name, { parsed, schema });
    }
    for (const [document, file] of schemas) {
      if (!used.has(file)) this.#faults.push(fault(AUTHORING, 'SLUICE-DIR-5', { path: file.path, document }));
    }
    return found;
  }

  #schema(document: string, file: SourceFile | undefined, shared: number): Schema | undefined {
    if (file === undefined) {
      const { name, schemas } = this.#application;
      if (shared < 0) this.#faults.push(fault(AUTHORING, 'SLUICE-DIR-4', { document: `${name}/${document}` }));
      else this.#faults.push(fault(PROJECTING, 'SLUICE-PROJECT-10', { at: this.#placeOf(['schemas', shared, 'schema']), path: `${FOLDER}/${name}/${schemas[shared]?.schema ?? ''}.schema.json` }));
      return undefined;
    }
    const known = this.#schemas.get(file);
    const schema = known ?? parsedSchema(file, this.#texts);
    this.#schemas.set(file, schema);
    if (schema instanceof Fault && known === undefined) this.#faults.push(schema);
    return schema instanceof Fault ? undefined : schema;
  }

  #parsed(file: SourceFile): Parsed | undefined {
    const parsed = parseText(file);
    if (!(parsed instanceof Fault)) {
      this.#texts.set(parsed.path, parsed.text);
      return parsed;
    }
    this.#faults.push(parsed);
    return undefined;
  }

  #target(environment: ProjectEnvironment, { documents: known }: Sorted, bases: ReadonlyMap<string, Base>): Target[] {
    const overlays = this.#overlays(environment, [...known.keys()]);
    const documents = new Map<string, Placed>();
    const schemas = new Map<Digest, Uint8Array>();
    const contents: Record<string, EpochDocument> = {};
    const before = this.#faults.length;
    for (const [name, { parsed, schema }] of bases) {
      const overlay = overlays.get(name);
      const document = overlay === undefined ? parsed : overlaid(parsed, overlay);
      if (!this.#checked.has(document)) this.#faults.push(...this.#check(name, document, schema));
      this.#checked.add(document);
      documents.set(name, document);
      schemas.set(schema.digest, schema.bytes);
      contents[name] = { schema: schema.digest, content: document.value as Record<string, unknown> };
    }
    if (this.#faults.length > before || bases.size === 0) return [];
    const composed = composition(contents, schemas, rulesOf(this.#application, environment, this.#manifest.project.allowed, [...bases.keys()]));
    if (!(composed instanceof Fault)) return [{ application: this.#application, environment, composition: composed, documents, placeOf: this.#placeOf }];
    this.#faults.push(composed);
    return [];
  }

  /** Secrets first and alone: what a schema says of a value shows it. */
  #check(name: string, document: Placed, schema: Schema): readonly Fault[] {
    const secrets = this.#vault.inspect(this.#application.name, name, document);
    return secrets.length > 0 ? secrets : findings(document, schema);
  }

  #overlays({ name }: ProjectEnvironment, documents: readonly string[]): ReadonlyMap<string, Parsed> {
    const overlays = sorted(this.#folder.overlays.get(name) ?? []);
    this.#faults.push(...overlays.faults);
    for (const { path } of overlays.schemas.values()) this.#faults.push(stray(path, 'a document has the same schema in all environments'));
    const found = new Map<string, Parsed>();
    for (const [document, file] of overlays.documents) {
      if (!documents.includes(document)) {
        const { name: application } = this.#application;
        this.#faults.push(fault(PROJECTING, 'SLUICE-PROJECT-6', { path: file.path, document, application, remedy: meant(document, documents, `add ${FOLDER}/${application}/${document}.yaml`) }));
        continue;
      }
      const parsed = this.#parsed(file);
      if (parsed !== undefined) found.set(document, parsed);
    }
    return found;
  }
}

function few(names: readonly string[]): string {
  return names.length <= 8 ? names.join(', ') : `${names.slice(0, 8).join(', ')} and ${names.length - 8} more`;
}
