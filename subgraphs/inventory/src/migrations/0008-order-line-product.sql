-- "What did anybody pay for it lately" and "what sells where" ask by product.
create index order_line_product on order_line (product_id) where product_id is not null;
