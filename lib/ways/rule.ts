import { ArnFormat, CustomResource, Names, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import type { RuleVariables } from '../../src/engines/aws/entry/source-environment.ts';
import { connectorTag } from '../../src/engines/aws/ways/mapping/wanted-mapping.ts';
import type { Permission } from '../functions/permissions.ts';
import { limits } from '../limits.ts';
import type { Wildcard } from '../nag-suppressions.ts';
import { WorkQueue } from '../queues/work-queue.ts';

export interface RuleWayProps {
  /** Names of the event buses on which connectors may have rules. */
  readonly buses: readonly string[];
  /** Of the queue; absent for a key of SQS. */
  readonly encryptionKey: IKey | undefined;
}

/** How many functions take events at once, ten each. */
const takingFunctions = 20;

/** With the 36 characters of a connector's id and a hyphen, a rule's name has the 64 that EventBridge allows. */
const longestName = 27;

/**
 * From an event bus to its runs: rules, which the functions that manage connectors make for each, send to one queue.
 */
export class RuleWay extends Construct {
  readonly events: WorkQueue;
  readonly #buses: readonly string[];

  constructor(scope: Construct, id: string, { buses, encryptionKey }: RuleWayProps) {
    super(scope, id);
    this.#buses = buses;
    this.events = new WorkQueue(this, 'Events', {
      functionTimeoutSeconds: limits.ruleEventSeconds,
      encryptionKey,
    });
    this.letRulesSend();
  }

  /** What functions that make or remove rules have to know. */
  get variables(): RuleVariables {
    return {
      RULE_PREFIX: this.prefix,
      EVENT_BUSES: this.#buses.join(','),
      EVENT_QUEUE_ARN: this.events.queue.queueArn,
      EVENT_DEAD_LETTERS_ARN: this.events.deadLetters.queueArn,
    };
  }

  /** What functions that make rules may do: that with rules of this deployment, which send to its queue. */
  get permissions(): readonly Permission[] {
    const resources = this.ruleArns;
    return [
      {
        actions: ['PutRule', 'DescribeRule', 'DeleteRule', 'RemoveTargets', 'ListTargetsByRule'].map(
          onEvents,
        ),
        resources,
      },
      {
        actions: [onEvents('PutTargets')],
        resources,
        conditions: { ArnEquals: { 'events:TargetArn': this.events.queue.queueArn } },
      },
      {
        actions: [onEvents('TagResource')],
        resources,
        conditions: { 'ForAllValues:StringEquals': { 'aws:TagKeys': [connectorTag] } },
      },
      { actions: [onEvents('ListRules')], resources: ['*'] },
    ];
  }

  /** What a function may do that only removes rules of this deployment, on whichever bus they are. */
  get removerPermissions(): readonly Permission[] {
    return [
      {
        actions: ['DeleteRule', 'RemoveTargets', 'ListTargetsByRule'].map(onEvents),
        resources: this.ruleArnsAnywhere,
      },
      { actions: ['ListEventBuses', 'ListRules'].map(onEvents), resources: ['*'] },
    ];
  }

  get wildcards(): readonly Wildcard[] {
    return [...new Set([...this.ruleArns, ...this.ruleArnsAnywhere])].map((arn) => ({
      arn,
      reason: 'Rules whose names begin as those of this deployment do.',
    }));
  }

  /** Has `handler` take the events. */
  takeWith(handler: IFunction): void {
    handler.addEventSource(
      new SqsEventSource(this.events.queue, {
        batchSize: 10,
        maxConcurrency: takingFunctions,
        reportBatchItemFailures: true,
      }),
    );
  }

  /** Has `remover` take away the rules that connectors have made: before the queue goes, and on a bus that is left out. */
  removeWith(remover: IFunction): void {
    const resource = new CustomResource(this, 'Made', {
      serviceToken: remover.functionArn,
      properties: { Buses: this.#buses.join(',') },
    });
    resource.node.addDependency(remover, this.events);
  }

  /** The name of each rule begins so. */
  private get prefix(): string {
    return `${Names.uniqueResourceName(this, { maxLength: longestName, separator: '-' })}-`;
  }

  /** Of the rules of this deployment; those of the default bus have no bus in their ARN. */
  private get ruleArns(): string[] {
    return this.#buses.map((bus) => this.ruleArn(bus === 'default' ? '' : `${bus}/`));
  }

  private get ruleArnsAnywhere(): string[] {
    return ['', '*/'].map((bus) => this.ruleArn(bus));
  }

  private ruleArn(bus: string): string {
    return Stack.of(this).formatArn({
      service: 'events',
      resource: 'rule',
      resourceName: `${bus}${this.prefix}*`,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
  }

  /**
   * Lets EventBridge send for rules of this deployment only (EventBridge user guide, "Using resource-based policies":
   * Amazon SQS permissions).
   */
  private letRulesSend(): void {
    for (const queue of [this.events.queue, this.events.deadLetters]) {
      queue.addToResourcePolicy(
        new PolicyStatement({
          principals: [new ServicePrincipal('events.amazonaws.com')],
          actions: ['sqs:SendMessage'],
          resources: [queue.queueArn],
          conditions: { ArnLike: { 'aws:SourceArn': this.ruleArns } },
        }),
      );
    }
  }
}

function onEvents(action: string): string {
  return `events:${action}`;
}
