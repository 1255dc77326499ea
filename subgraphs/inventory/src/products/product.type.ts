import { Allow } from '@trenza/auth';
import { Channel, connection, GraphQLDateTimeISO, JSONScalar, MoneyInput, SafeInt } from '@trenza/values';
import { Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';

@ObjectType({ description: 'A picture or film of a product.' })
export class ProductMedia {
  @Field(() => String, { description: 'Where it is.' })
  url: string;

  @Field(() => String, { nullable: true, description: 'What is to be seen, for those who cannot.' })
  alt?: string | null;
}

@ObjectType({ description: 'Something that can be sold: one sku. Variants of a model are products of their own.' })
@Directive('@key(fields: "id")')
@Directive('@cacheControl(maxAge: 300)')
@Allow('anyone')
export class Product {
  @Field(() => ID, { description: 'Immutable id.' })
  id: string;

  @Field(() => String, { description: 'Stock keeping unit: the number on the label.' })
  sku: string;

  @Field(() => String, { nullable: true, description: 'The model whose variants (size, colour) share it.' })
  model: string | null;

  @Field(() => String, { description: 'Name.' })
  name: string;

  @Field(() => String, { nullable: true, description: 'Description.' })
  description: string | null;

  @Field(() => String, { nullable: true, description: 'Brand.' })
  brand: string | null;

  @Field(() => String, { nullable: true, description: 'Category, for example "Women > Shoes".' })
  category: string | null;

  @Field(() => JSONScalar, { description: 'Size, colour, material and the like.' })
  attributes: Record<string, unknown>;

  @Field(() => [ProductMedia], { description: 'Pictures and films.' })
  media: ProductMedia[];

  @Field(() => Boolean, { description: 'False once it is no longer sold.' })
  active: boolean;

  amount: number;
  currency: string;
}

export enum ProductSort {
  RELEVANCE = 'relevance',
  NAME = 'name',
  PRICE_ASCENDING = 'price-ascending',
  PRICE_DESCENDING = 'price-descending',
}
registerEnumType(ProductSort, { name: 'ProductSort', description: 'Order of a list of products.' });

@InputType({ description: 'Which products. Conditions are joined by and.' })
export class ProductFilter {
  @Field(() => String, { nullable: true, description: 'Words; typing errors and accents do not matter.' })
  search?: string | null;

  @Field(() => [String], { nullable: true, description: 'Any of these categories, with what is below them.' })
  categories?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Any of these brands.' })
  brands?: string[] | null;

  @Field(() => SafeInt, { nullable: true, description: 'Lowest price in minor units.' })
  minAmount?: number | null;

  @Field(() => SafeInt, { nullable: true, description: 'Highest price in minor units.' })
  maxAmount?: number | null;

  @Field(() => Channel, {
    nullable: true,
    description:
      'Bounds, order and facets go by the prices of this channel; by the own price of each product where neither is given.',
  })
  priceChannel?: Channel | null;

  @Field(() => ID, { nullable: true, description: 'Bounds, order and facets go by the prices of this store.' })
  priceStoreId?: string | null;

  @Field(() => JSONScalar, { nullable: true, description: 'Attributes it must have, for example { "colour": "red" }.' })
  attributes?: Record<string, unknown> | null;

  @Field(() => [String], { nullable: true, description: 'These skus.' })
  skus?: string[] | null;

  @Field(() => ID, { nullable: true, description: 'Only what this place can promise now.' })
  availableAt?: string | null;

  @Field(() => Boolean, { defaultValue: false, description: 'Also what is no longer sold.' })
  includeInactive: boolean;
}

@ObjectType({ description: 'A value with the number of products that have it.' })
export class ProductFacetValue {
  @Field(() => String, { description: 'The value.' })
  value: string;

  @Field(() => Int, { description: 'Products that have it.' })
  count: number;
}

@ObjectType({ description: 'How the products found divide, the most frequent values first.' })
export class ProductFacets {
  @Field(() => [ProductFacetValue], { description: 'By category.' })
  categories: ProductFacetValue[];

  @Field(() => [ProductFacetValue], { description: 'By brand.' })
  brands: ProductFacetValue[];

  @Field(() => SafeInt, { nullable: true, description: 'Lowest price in minor units.' })
  minAmount: number | null;

  @Field(() => SafeInt, { nullable: true, description: 'Highest price in minor units.' })
  maxAmount: number | null;
}

@ObjectType({ description: 'A page of products.' })
export class ProductConnection extends connection('Product', () => Product) {
  filter: ProductFilter;
}

@InputType({ description: 'A price for a channel, a store, both, for a time.' })
export class ProductPriceInput {
  @Field(() => Channel, { nullable: true, description: 'Only in this channel.' })
  channel?: Channel | null;

  @Field(() => String, { nullable: true, description: 'Only in the store with this code.' })
  storeCode?: string | null;

  @Field(() => SafeInt, { description: 'Minor units.' })
  amount: number;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'From when.' })
  validFrom?: Date | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Until when.' })
  validTo?: Date | null;
}

@InputType({ description: 'A picture or film of a product.' })
export class ProductMediaInput {
  @Field(() => String, { description: 'Where it is.' })
  url: string;

  @Field(() => String, { nullable: true, description: 'What is to be seen, for those who cannot.' })
  alt?: string | null;
}

@InputType({ description: 'A product as it shall be; recognised by its sku.' })
export class ImportProductInput {
  @Field(() => ID, { nullable: true, description: 'Id for a new one; made here if it is missing.' })
  id?: string | null;

  @Field(() => String, { description: 'Stock keeping unit.' })
  sku: string;

  @Field(() => String, { description: 'Name.' })
  name: string;

  @Field(() => String, { nullable: true, description: 'The model whose variants share it.' })
  model?: string | null;

  @Field(() => String, { nullable: true, description: 'Description.' })
  description?: string | null;

  @Field(() => String, { nullable: true, description: 'Brand.' })
  brand?: string | null;

  @Field(() => String, { nullable: true, description: 'Category, for example "Women > Shoes".' })
  category?: string | null;

  @Field(() => MoneyInput, { description: 'Price where no more specific one is given.' })
  price: MoneyInput;

  @Field(() => [ProductPriceInput], { nullable: true, description: 'Other prices; replaces those that were.' })
  prices?: ProductPriceInput[] | null;

  @Field(() => JSONScalar, { nullable: true, description: 'Size, colour, material and the like.' })
  attributes?: Record<string, unknown> | null;

  @Field(() => [ProductMediaInput], { nullable: true, description: 'Pictures and films.' })
  media?: ProductMediaInput[] | null;

  @Field(() => Boolean, { defaultValue: true, description: 'False once it is no longer sold.' })
  active: boolean;
}

@InputType({ description: 'Products to be made or changed.' })
export class ImportProductsInput {
  @Field(() => [ImportProductInput], { description: 'At most 1,000.' })
  products: ImportProductInput[];
}
