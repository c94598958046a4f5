import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sampleConnector } from '../../../../test/connectors/sample-records.ts';
import { openTestStores, type TestStores } from '../../../../test/embedded/test-stores.ts';

let opened: TestStores;

beforeEach(async () => {
  opened = await openTestStores();
});

afterEach(() => opened.close());

const connector = sampleConnector('webhook', 'inbound', {});

describe('an id that no connector has', () => {
  test('is looked up as seldom as one that a connector has, so that time tells a prober nothing', async () => {
    const { connectors } = opened.stores.ports;
    await connectors.create(connector);
    expect(await connectors.get('nobody')).toBeNull();
    // From here on, a lookup in the database sees the two changed ids.
    opened.change(`UPDATE connectors SET connector_id = 'nobody' WHERE connector_id = '${connector.id}'`);
    expect(await connectors.get(connector.id)).not.toBeNull();
    expect(await connectors.get('nobody')).toBeNull();
  });

  test('is found as soon as a connector is made with it', async () => {
    const { connectors } = opened.stores.ports;
    expect(await connectors.get(connector.id)).toBeNull();
    await connectors.create(connector);
    expect(await connectors.get(connector.id)).toEqual(connector);
  });
});
