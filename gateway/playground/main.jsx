import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { useGraphiQL } from '@graphiql/react';
import { GraphiQL } from 'graphiql';
import 'graphiql/style.css';
import { useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { EXAMPLES } from './examples.js';
import './playground.css';

// Monaco works in workers of its own; ours are bundled beside this page.
globalThis.MonacoEnvironment = {
  getWorker: (_id, label) => {
    const name = label === 'json' || label === 'graphql' ? label : 'editor';
    return new Worker(`/playground/${name}.worker.js`, { type: 'module' });
  },
};

const TOKEN = 'trenza:token';

function Examples() {
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);
  const show = ({ query, variables }) => {
    queryEditor?.setValue(query);
    variableEditor?.setValue(variables ? JSON.stringify(variables, null, 2) : '');
  };
  return (
    <section className="trenza-examples">
      <h2>Examples</h2>
      <ul>
        {EXAMPLES.map((example) => (
          <li key={example.title}>
            <button type="button" onClick={() => show(example)}>
              {example.title}
            </button>
            <p>{example.about}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

const examplesPlugin = { title: 'Examples', icon: () => <span className="trenza-icon">★</span>, content: Examples };

function TokenEntry({ token, onChange }) {
  return (
    <label className="trenza-token">
      Token
      <input
        type="password"
        value={token}
        placeholder="npm run token -- --role admin"
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value.trim())}
      />
      <span>{token ? describe(token) : 'anonymous'}</span>
    </label>
  );
}

/** What the token says about itself; whether it holds is for the gateway to say. */
function describe(token) {
  try {
    const claims = JSON.parse(atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')));
    return `${claims.role} until ${new Date(claims.exp * 1000).toLocaleTimeString()}`;
  } catch {
    return 'this is not a token';
  }
}

function App() {
  const [token, setToken] = useState(() => sessionStorage.getItem(TOKEN) ?? '');
  const keep = (next) => {
    sessionStorage.setItem(TOKEN, next);
    setToken(next);
  };
  const fetcher = useMemo(() => {
    const { host, protocol } = location;
    return createGraphiQLFetcher({
      url: '/graphql',
      subscriptionUrl: `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/graphql`,
      wsConnectionParams: token ? { authorization: `Bearer ${token}` } : {},
      headers: token ? { authorization: `Bearer ${token}` } : {},
    });
  }, [token]);
  return (
    <>
      <TokenEntry token={token} onChange={keep} />
      <GraphiQL
        fetcher={fetcher}
        plugins={[examplesPlugin]}
        defaultTabs={[
          { query: EXAMPLES[0].query, variables: JSON.stringify(EXAMPLES[0].variables ?? {}, null, 2), headers: '' },
        ]}
        inputValueDeprecation
      >
        <GraphiQL.Logo>Trenza</GraphiQL.Logo>
      </GraphiQL>
    </>
  );
}

createRoot(document.getElementById('root')).render(<App />);
