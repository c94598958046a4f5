type Environment = Readonly<Record<string, string | undefined>>;

/** The environment that agents' code sees: without the key that encrypts secrets, and without the operators' token. */
export function agentEnvironment(env: Environment): Environment {
  const { SECRET_KEY: _key, ADMIN_TOKEN: _token, ...rest } = env;
  return rest;
}
