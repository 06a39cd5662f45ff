; extends

; The sentences of an amendment, one a line in a block scalar under `guarantees`.
(block_mapping_pair
  key: (flow_node (plain_scalar (string_scalar) @_key (#eq? @_key "guarantees")))
  value: (block_node (block_scalar) @injection.content)
  (#set! injection.language "guarantee")
  (#offset! @injection.content 0 1 0 0))

; The same as a list, an item a sentence.
(block_mapping_pair
  key: (flow_node (plain_scalar (string_scalar) @_key (#eq? @_key "guarantees")))
  value: (block_node
    (block_sequence
      (block_sequence_item
        (flow_node (plain_scalar (string_scalar) @injection.content)))))
  (#set! injection.language "guarantee"))
