/** The key that agents show to the model of a scenario; long, so that it can be looked for where it must not be. */
export const scenarioModelKey = 'scenario-model-key-93c1b7e2a4';
