"""What people do in an editor, as the editors of `conftest.EDITORS` would send it."""

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from session import bounded

ERROR = types.DiagnosticSeverity.Error


async def test_break_and_fix(session):
    order = session.open("shop/v1/order.proto")
    await session.diagnostics(order, [])

    session.replace(order, "int32 quantity", "string quantity")
    found = await session.diagnostics(order, ["FIELD_SAME_TYPE"])
    broken = found["FIELD_SAME_TYPE"]
    assert order.slice(broken.range) == "string"
    assert (broken.severity, broken.source) == (ERROR, "protolint")
    assert "wire" in broken.message
    # These editors cannot open documents of the server: the old declaration is shown as text.
    assert bool(broken.related_information) == session.related
    for old in broken.related_information or []:
        assert old.location.uri == order.uri
        assert "int32 quantity = 2" in old.message

    # Another break, and an error of style.
    session.replace(order, "  string voucher = 3;\n", "")
    session.replace(order, "repeated Item items", "repeated string items")
    codes = ["FIELD_NO_DELETE", "FIELD_SAME_TYPE", "FIELD_SAME_TYPE", "IMPORT_USED"]
    found = await session.diagnostics(order, codes)
    assert list(found["IMPORT_USED"].tags) == [types.DiagnosticTag.Unnecessary]
    await session.fix(order, found["IMPORT_USED"])
    assert "import" not in order.text
    codes.remove("IMPORT_USED")
    found = await session.diagnostics(order, codes)
    await session.fix(order, found["FIELD_NO_DELETE"])
    assert "reserved 3;" in order.text and 'reserved "voucher";' in order.text
    await session.diagnostics(order, ["FIELD_SAME_TYPE", "FIELD_SAME_TYPE"])

    session.replace(order, "string quantity", "int32 quantity")
    await session.diagnostics(order, ["FIELD_SAME_TYPE"])


async def test_an_edit_is_seen_by_importers(session):
    order, item = session.open("shop/v1/order.proto"), session.open("shop/v1/item.proto")
    await session.diagnostics(order, [])
    session.replace(item, "message Item", "message Product")
    found = await session.diagnostics(order, ["COMPILE_UNRESOLVED_NAME"])
    assert order.slice(found["COMPILE_UNRESOLVED_NAME"].range) == "Item"
    session.replace(item, "message Product", "message Item")
    await session.diagnostics(order, [])


async def test_rename(session):
    shipment = session.open("shop/v1/shipment.proto")
    params = session.at(shipment, "Parcel parcels")
    prepared = await bounded(session.client.text_document_prepare_rename_async(types.PrepareRenameParams(**params)))
    span = prepared if isinstance(prepared, types.Range) else prepared.range
    assert shipment.slice(span) == "Parcel"

    edit = await bounded(session.client.text_document_rename_async(types.RenameParams(new_name="Package", **params)))
    paths = session.apply(edit)
    assert {path.name for path in paths} == {"parcel.proto", "shipment.proto"}
    parcel = session.buffers[(session.root / "proto/acme/shop/v1/parcel.proto").as_uri()]
    assert "message Package {" in parcel.text
    assert "repeated Package parcels = 1;" in shipment.text
    await session.diagnostics(shipment, [])


async def test_rename_that_breaks_the_base_is_rejected(session):
    order = session.open("shop/v1/order.proto")
    params = types.RenameParams(new_name="amount", **session.at(order, "quantity = 2"))
    with pytest.raises(JsonRpcException, match="json"):
        await bounded(session.client.text_document_rename_async(params))


async def test_completion_adds_the_import(session):
    order = session.open("shop/v1/order.proto")
    session.replace(order, "voucher = 3;\n", "voucher = 3;\n  /* 𝄞 */ Mon\n")
    params = types.CompletionParams(**session.at(order, "/ Mon", end=True))
    answer = await bounded(session.client.text_document_completion_async(params))
    items = answer if isinstance(answer, list) else answer.items
    chosen = [item for item in items if item.label.rpartition(".")[2] == "Money"]
    assert len(chosen) == 1, [item.label for item in items]
    item = chosen[0]
    if item.additional_text_edits is None:
        item = await bounded(session.client.completion_item_resolve_async(item))
    edit = item.text_edit
    main = edit if isinstance(edit, types.TextEdit) else types.TextEdit(edit.replace, edit.new_text)
    session.change(order, order.with_edits([main, *item.additional_text_edits]))
    assert 'import "acme/money/v1/money.proto";\n' in order.text
    session.replace(order, "Money\n", "Money price = 4;\n")
    await session.diagnostics(order, [])


async def test_format(session):
    order = session.open("shop/v1/order.proto")
    before = order.text
    session.change(order, before.replace("\n  ", "\n      ").replace(" = 1;", "=1 ;"))
    options = types.FormattingOptions(tab_size=2, insert_spaces=True)
    params = types.DocumentFormattingParams(types.TextDocumentIdentifier(order.uri), options)
    edits = await bounded(session.client.text_document_formatting_async(params))
    session.change(order, order.with_edits(edits))
    assert order.text == before
    assert not await bounded(session.client.text_document_formatting_async(params))


async def test_hover(session):
    order = session.open("shop/v1/order.proto")
    hover = await bounded(session.client.text_document_hover_async(types.HoverParams(**session.at(order, "quantity"))))
    for text in ["acme.shop.v1.Order.quantity", "int32", "How often 𝄞é"]:
        assert text in hover.contents.value
    assert hover.range is None or order.slice(hover.range) == "quantity"
    await session.diagnostics(order, [])
    session.replace(order, "int32 quantity", "string quantity")
    await session.diagnostics(order, ["FIELD_SAME_TYPE"])
    hover = await bounded(session.client.text_document_hover_async(types.HoverParams(**session.at(order, "string quantity"))))
    # The payload of a break.
    assert "10 01" in hover.contents.value


async def test_navigation(session):
    order, item = session.open("shop/v1/order.proto"), session.open("shop/v1/item.proto")
    at_use = session.at(order, "Item items")
    found = await bounded(session.client.text_document_definition_async(types.DefinitionParams(**at_use)))
    place = found[0] if isinstance(found, list) else found
    uri, span = (place.uri, place.range) if isinstance(place, types.Location) else (place.target_uri, place.target_selection_range)
    assert (uri, item.slice(span)) == (item.uri, "Item")

    context = types.ReferenceContext(include_declaration=True)
    params = types.ReferenceParams(context=context, **session.at(item, "Item"))
    places = await bounded(session.client.text_document_references_async(params))
    texts = {(place.uri, session.buffers[place.uri].slice(place.range)) for place in places}
    assert texts == {(item.uri, "Item"), (order.uri, "Item")}

    document = types.TextDocumentIdentifier(order.uri)
    symbols = await bounded(session.client.text_document_document_symbol_async(types.DocumentSymbolParams(document)))
    assert "Order" in {symbol.name for symbol in symbols}
    symbols = await bounded(session.client.workspace_symbol_async(types.WorkspaceSymbolParams("Money")))
    assert "Money" in {symbol.name for symbol in symbols}


async def test_cancelled_and_unknown_requests(session):
    item = session.open("shop/v1/item.proto")
    params = types.ReferenceParams(context=types.ReferenceContext(True), **session.at(item, "Item"))
    for _ in range(20):
        try:
            assert await session.cancelled("textDocument/references", params)
        except JsonRpcException as error:
            assert error.code == types.LSPErrorCodes.RequestCancelled.value
    with pytest.raises(JsonRpcException) as raised:
        await bounded(session.client.protocol.send_request_async("protolint/missing", {}))
    assert raised.value.code == types.ErrorCodes.MethodNotFound.value
    # Ranges after the end, and versions out of order.
    for version, line in [(7, 900), (3, 0), (8, 2)]:
        span = types.Range(types.Position(line, 5000), types.Position(line + 1, 5000))
        document = types.VersionedTextDocumentIdentifier(version=version, uri=item.uri)
        change = types.TextDocumentContentChangePartial(span, "")
        session.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))
    symbols = await bounded(session.client.workspace_symbol_async(types.WorkspaceSymbolParams("Money")))
    assert "Money" in {symbol.name for symbol in symbols}
