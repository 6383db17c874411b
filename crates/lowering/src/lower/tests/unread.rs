//! Everything that a client does not get from a description is noted.

use serde_json::json;

use super::{described, lower, yaml};

#[test]
fn every_part_that_is_left_out_is_noted() {
    let parts = yaml(
        "info: {title: t, version: '1', license: {name: MIT, identifier: MIT}, contact: {name: c}, \
           termsOfService: 'https://x'}\n\
         externalDocs: {url: 'https://x'}\n\
         servers: [{url: 'https://{region}.x', variables: {region: {default: eu}}}]\n\
         security: [{k: []}]\n\
         tags: [{name: a, externalDocs: {url: 'https://x'}}]\n\
         paths: {/a: {get: {operationId: a, security: [{k: [s]}], x-pages: 1, externalDocs: {url: x}, \
           parameters: [{name: X-Stack-Id, in: header, schema: {type: string}}, \
             {name: g, in: query, allowReserved: true, schema: {type: string, default: x}}], \
           responses: {200: {description: ok, headers: {ETag: {}}, links: {l: {operationId: a}}, \
               content: {application/json: {schema: {$ref: '#/components/schemas/It'}}}}, \
             404: {description: no, content: {text/plain: {}}}}}}}\n\
         components: {securitySchemes: {k: {type: http, scheme: bearer}}, \
           schemas: {It: {title: Item, type: object, x-type: c, externalDocs: {url: x}, \
             properties: {a: {type: string, title: A, xml: {name: x}}}}}}",
    );
    let document = described(parts);
    let notes = lower(&document).expect("lowers").notes;
    let mut places: Vec<_> = notes.iter().map(|note| note.source.as_str()).collect();
    places.sort_unstable();
    let expected = json!([
        "/components/schemas/It/externalDocs",
        "/components/schemas/It/properties/a/title",
        "/components/schemas/It/properties/a/xml",
        "/components/schemas/It/title",
        "/components/schemas/It/x-type",
        "/components/securitySchemes",
        "/externalDocs",
        "/info/contact",
        "/info/license",
        "/info/termsOfService",
        "/paths/~1a/get/externalDocs",
        "/paths/~1a/get/parameters/0",
        "/paths/~1a/get/parameters/1/allowReserved",
        "/paths/~1a/get/parameters/1/schema/default",
        "/paths/~1a/get/responses/200/headers",
        "/paths/~1a/get/responses/200/links",
        "/paths/~1a/get/responses/404",
        "/paths/~1a/get/security",
        "/paths/~1a/get/x-pages",
        "/security",
        "/servers/0",
        "/servers/0/variables",
        "/tags/0/externalDocs",
    ]);
    assert_eq!(json!(places), expected);
}
