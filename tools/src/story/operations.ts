/** The operations of the story, as the channels of a retailer would send them. */

export const IMPORT_STORES = `mutation Stores($input: ImportStoresInput!) { importStores(input: $input) { created errors { message } } }`;
export const IMPORT_PRODUCTS = `mutation Products($input: ImportProductsInput!) { importProducts(input: $input) { created errors { message } } }`;
export const IMPORT_STOCK = `mutation Stock($input: ImportStockInput!) { importStock(input: $input) { created updated refusals { message } errors { message } } }`;
export const STORE = `query Store($code: String!) { store(code: $code) { id name } }`;
export const PRODUCT = `query Product($sku: String!) { product(sku: $sku) { id } }`;

export const IMPORT_PROFILES = `mutation Profiles($input: ImportProfilesInput!) {
  importProfiles(input: $input) { results { profileId customerId message } errors { message } }
}`;
export const IDENTIFY = `mutation Identify($input: IdentifyInput!) {
  identify(input: $input) { profileId customerId created errors { message } }
}`;
export const TRACK = `mutation Track($input: TrackInput!) {
  track(input: $input) { results { status profileId message } errors { message } }
}`;
export const SET_CONSENT = `mutation Consent($input: SetConsentInput!) { setConsent(input: $input) { errors { message } } }`;

export const ADD_TO_CART = `mutation AddToCart($input: AddToCartInput!) {
  addToCart(input: $input) { cart { items lines { quantity channel product { sku } } } errors { message } }
}`;
export const TILL_SALE = `mutation TillSale($input: TillSaleInput!) {
  tillSale(input: $input) { order { id number status channel total { amount currency } } errors { code message } }
}`;
export const SUBMIT_ANSWER = `mutation Answer($input: SubmitAnswerInput!) {
  submitAnswer(input: $input) { answerId errors { message } }
}`;

export const INTENTS = `query Intents($id: ID!) { customer(id: $id) { intents { topic label strength } } }`;
export const CART = `query Cart($id: ID!) { customer(id: $id) { openCart { items total { amount } lines { quantity channel product { sku } } } } }`;
export const WHO = `query Who($id: ID!) {
  customer(id: $id) { id name profileIds journey(first: 50) { edges { node { kind channel subgraph profileId } } } }
}`;
export const POINTS = `query Points($id: ID!) { customer(id: $id) { loyalty { balance { available } } } }`;
export const SURVEYS = `query Surveys($id: ID!) { customer(id: $id) { pendingSurveys { id survey { key } } } }`;
export const CASES = `query Cases($id: ID!) { customer(id: $id) { openCases { id severity status store { id } } satisfaction { attitude latestNps } } }`;
export const NEXT_BEST_ACTION = `query NextBestAction($id: ID!, $storeId: ID) {
  customer(id: $id) {
    nextBestActions(channel: STORE, first: 1, context: { storeId: $storeId }) { kind action title reason caseId store { id } }
  }
}`;
export const STORE_TASKS = `query StoreTasks($storeId: ID!) {
  storeTasks(storeId: $storeId) { edges { node { id kind state reason caseId customer { id } } } }
}`;
export const COMPLETE_TASK = `mutation CompleteTask($input: CompleteTaskInput!) {
  completeTask(input: $input) { task { state outcome } errors { message } }
}`;
