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
  /** Encrypts the queue; absent for a key managed by SQS. */
  readonly encryptionKey: IKey | undefined;
}

/** Maximum number of functions that take events at the same time, at most ten events each. */
const takingFunctions = 20;

/** With a hyphen and the 36 characters of a connector's id, a rule's name has the 64 that EventBridge allows. */
const longestName = 27;

/**
 * Leads from an event bus to its runs: the functions that manage connectors create rules, which all send to one queue.
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

  /** The variables of functions that create or remove rules. */
  get variables(): RuleVariables {
    return {
      RULE_PREFIX: this.prefix,
      EVENT_BUSES: this.#buses.join(','),
      EVENT_QUEUE_ARN: this.events.queue.queueArn,
      EVENT_DEAD_LETTERS_ARN: this.events.deadLetters.queueArn,
    };
  }

  /** What functions that create rules may do: manage the rules of this deployment, with its queue as their target. */
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

  /** What a function may do that only removes rules of this deployment, on any bus. */
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

  /** Whether events of AWS services arrive, such as those of S3. */
  get hasDefaultBus(): boolean {
    return this.#buses.includes('default');
  }

  /**
   * Makes `handler` take the events.
   *
   * @param one whether it takes one at a time, as each may need much memory
   */
  takeWith(handler: IFunction, { one }: { readonly one: boolean }): void {
    handler.addEventSource(
      new SqsEventSource(this.events.queue, {
        batchSize: one ? 1 : 10,
        maxConcurrency: takingFunctions,
        reportBatchItemFailures: true,
      }),
    );
  }

  /**
   * Makes `remover` remove the rules that connectors have created: before the queue is deleted, and when a bus is left
   * out.
   */
  removeWith(remover: IFunction): void {
    const resource = new CustomResource(this, 'Made', {
      serviceToken: remover.functionArn,
      properties: { Buses: this.#buses.join(',') },
    });
    resource.node.addDependency(remover, this.events);
  }

  /** Prefix of the name of each rule. */
  private get prefix(): string {
    return `${Names.uniqueResourceName(this, { maxLength: longestName, separator: '-' })}-`;
  }

  /** ARN patterns of this deployment's rules. ARNs on the default bus contain no bus name. */
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
