import { Stack } from 'aws-cdk-lib';
import { Application, type IApplication } from 'aws-cdk-lib/aws-appconfig';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { fault } from '../core/fault.ts';
import { BUILDING } from '../core/faults/building.ts';
import { ConfigurationEnvironment, type EnvironmentOptions } from './environment.ts';
import { literalName } from './name.ts';

/** A configuration: the documents of one application. */
export interface ConfigurationProps {
  /**
   * The directory of `sluice.yaml`, or one below it. Each environment begins with the documents, overlays, plan and profile it has
   * there, just as `sluice release` makes them. @default - `directory`
   */
  readonly project?: string;
  /**
   * The directory of `<document>.yaml` or `.json` and `<document>.schema.json`, the same for each environment that has none of its own.
   * @default - `project`
   */
  readonly directory?: string;
  /** AppConfig's name of the application. @default - the construct's id */
  readonly applicationName?: string;
  /** An application that exists already; `applicationName` is then its name. @default - one is made */
  readonly application?: IApplication;
  /** Encrypts versions and stores. @default - keys that AWS owns */
  readonly encryptionKey?: IKey;
}

/** The configuration of one application: documents of a project or a directory, rolled out to environments. */
export class Configuration extends Construct {
  readonly application: IApplication;
  readonly applicationName: string;
  /** The directory of `sluice.yaml`, or one below it. */
  readonly project?: string;
  /** The directory of the documents. */
  readonly directory?: string;
  readonly encryptionKey?: IKey;

  constructor(scope: Construct, id: string, props: ConfigurationProps) {
    super(scope, id);
    this.applicationName = literalName(this, 'applicationName', props.applicationName ?? id);
    if (props.project !== undefined) this.project = props.project;
    if (props.directory !== undefined) this.directory = props.directory;
    if (props.encryptionKey !== undefined) this.encryptionKey = props.encryptionKey;
    this.application = props.application ?? new Application(this, 'Application', { applicationName: this.applicationName });
  }

  /** An environment of this configuration. @throws Fault `SLUICE-CDK-11` when there is one of that name. */
  addEnvironment(environmentName: string, options: EnvironmentOptions = {}): ConfigurationEnvironment {
    if (this.node.tryFindChild(environmentName) !== undefined) throw fault(BUILDING, 'SLUICE-CDK-11', { environment: environmentName });
    return new ConfigurationEnvironment(this, environmentName, { configuration: this, environmentName, ...options });
  }

  /** The ARN of the application. */
  get applicationArn(): string {
    return Stack.of(this).formatArn({ service: 'appconfig', resource: 'application', resourceName: this.application.applicationId });
  }
}
