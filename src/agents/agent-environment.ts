type Environment = Readonly<Record<string, string | undefined>>;

/** What agents' code sees of the environment: neither the key that seals the secrets nor the operators' token. */
export function agentEnvironment(env: Environment): Environment {
  const { SECRET_KEY: _key, ADMIN_TOKEN: _token, ...rest } = env;
  return rest;
}
