/** Saved operations of the playground. A test validates each of them against the supergraph. */
export const EXAMPLES = [
  {
    title: 'What can I ask?',
    about: 'The root fields of the graph, from its own description.',
    query: `query WhatCanIAsk {
  __schema {
    queryType {
      fields {
        name
        description
      }
    }
  }
}`,
  },
];
