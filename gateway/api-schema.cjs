'use strict';
// A loader of graphql-codegen: what clients see of the supergraph, without the machinery of federation.
const { readFileSync } = require('node:fs');
const { Supergraph } = require('@apollo/federation-internals');

module.exports = (path) => Supergraph.build(readFileSync(path, 'utf8')).apiSchema().toGraphQLJSSchema();
