// A provider of sign-ins (OpenID Connect) with the people below. Any password is theirs.
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const { UPTAKE_CALLBACK, UPTAKE_PORT } = process.env;
const people = {
  frieda: { preferred_username: 'Frieda', groups: ['controllers'] },
  lea: { preferred_username: 'lea@example.com', groups: ['plant-managers', 'others'] },
  admin: { preferred_username: 'admin', groups: ['controllers'] },
  'command line': { preferred_username: 'command line', groups: ['controllers'] },
  nils: { preferred_username: 'Nils', groups: ['others'] },
};
const server = createServer();
server.listen(Number(UPTAKE_PORT || 0), '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'uptake', client_secret: 'a secret of uptake', redirect_uris: [UPTAKE_CALLBACK] }],
    findAccount: (_, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
    claims: { openid: ['sub'], profile: ['preferred_username'], groups: ['groups'] },
    conformIdTokenClaims: false, // in the token of identity itself
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
    cookies: { keys: ['a key of the provider'] },
  });
  const answer = provider.callback();
  server.on('request', (request, response) => {
    const to = new URL(request.url, issuer);
    if (to.pathname !== '/groups') return answer(request, response);
    // Its administrator gives somebody other groups.
    people[to.searchParams.get('of')].groups = to.searchParams.getAll('group');
    response.end();
  });
  console.log(issuer);
});
