-- A session in Neovim, in a repository that `prepare` made. It runs the settings of editors/README.md, and then what
-- people do: break a field, apply fixes, rename, complete, format. It ends with status 0 only if all of it worked.
local is_new = vim.lsp.config ~= nil
local MILLISECONDS = 20000
local steps = 0
local exit_status

local function step(name, run)
  local ok, problem = xpcall(run, debug.traceback)
  if not ok then
    io.stderr:write(("step `%s`: %s\n"):format(name, problem))
    vim.cmd("cquit 1")
  end
  steps = steps + 1
end

local function wait(what, condition)
  assert(vim.wait(MILLISECONDS, condition, 10), "not within " .. MILLISECONDS .. " ms: " .. what)
end

-- The settings for this version: the first block of Lua in the README is for new versions, the second for old ones.
local function settings()
  local file = assert(io.open(vim.env.README))
  local blocks = {}
  for block in file:read("*a"):gmatch("```lua\n(.-)```") do
    table.insert(blocks, block)
  end
  file:close()
  return assert(blocks[is_new and 1 or 2], "editors/README.md has no settings")
end

local function note_exit(status)
  exit_status = status
end

local function clients()
  return (vim.lsp.get_clients or vim.lsp.get_active_clients)()
end

local function client()
  return assert(clients()[1], "no client runs")
end

local function open(name)
  vim.cmd("edit proto/acme/shop/v1/" .. name)
  return vim.api.nvim_get_current_buf()
end

local function text(buffer)
  return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, true), "\n") .. "\n"
end

-- The 0-based line and byte of a text in a buffer.
local function place(buffer, wanted)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, true)) do
    local column = line:find(wanted, 1, true)
    if column then
      return number - 1, column - 1
    end
  end
  error(("`%s` is not in the text:\n%s"):format(wanted, text(buffer)))
end

local function put_cursor(buffer, wanted)
  local line, column = place(buffer, wanted)
  vim.api.nvim_set_current_buf(buffer)
  vim.api.nvim_win_set_cursor(0, { line + 1, column })
end

local function replace(buffer, old, new)
  local line, column = place(buffer, old)
  vim.api.nvim_buf_set_text(buffer, line, column, line, column + #old, vim.split(new, "\n", { plain = true }))
end

local function delete_line(buffer, wanted)
  local line = place(buffer, wanted)
  vim.api.nvim_buf_set_lines(buffer, line, line + 1, true, {})
end

local function codes(buffer)
  local found = {}
  for _, diagnostic in ipairs(vim.diagnostic.get(buffer)) do
    table.insert(found, tostring(diagnostic.user_data.lsp.code))
  end
  table.sort(found)
  return table.concat(found, " ")
end

-- Waits until a buffer has exactly these diagnostics.
local function expect(buffer, expected)
  local arrived = vim.wait(MILLISECONDS, function()
    return codes(buffer) == expected
  end, 10)
  assert(arrived, ("expected `%s`, found %s"):format(expected, vim.inspect(vim.diagnostic.get(buffer))))
end

local function diagnostic(buffer, code)
  for _, found in ipairs(vim.diagnostic.get(buffer)) do
    if found.user_data.lsp.code == code then
      return found
    end
  end
  error("no diagnostic " .. code)
end

-- Selects the code action with a title in the line of a diagnostic.
local function fix(buffer, code, title)
  local found = diagnostic(buffer, code)
  vim.api.nvim_set_current_buf(buffer)
  vim.api.nvim_win_set_cursor(0, { found.lnum + 1, found.col })
  local offered, chosen = {}, false
  vim.ui.select = function(items, options, on_choice)
    for _, item in ipairs(items) do
      local name = options.format_item(item)
      table.insert(offered, name)
      if not chosen and name:lower():find(title) then
        chosen = true
        on_choice(item)
      end
    end
  end
  vim.lsp.buf.code_action()
  wait(("an action `%s`"):format(title), function()
    return chosen or #offered > 0
  end)
  assert(chosen, ("no action `%s` in %s"):format(title, vim.inspect(offered)))
end

local function request(buffer, method, params)
  local answers, problem = vim.lsp.buf_request_sync(buffer, method, params, MILLISECONDS)
  local answer = assert(answers, problem)[client().id]
  assert(answer and not answer.err and not answer.error, vim.inspect(answer))
  return answer.result
end

local function position_params()
  return vim.lsp.util.make_position_params(0, client().offset_encoding)
end

local order

step("start with the settings of the README", function()
  if is_new then
    vim.lsp.config("protolint", { on_exit = note_exit })
  else
    local start = vim.lsp.start_client
    vim.lsp.start_client = function(config)
      return start(vim.tbl_extend("force", config, { on_exit = note_exit }))
    end
  end
  assert(loadstring(settings()))()
  vim.lsp.set_log_level("trace")
  order = open("order.proto")
  wait("a client", function()
    return #clients() == 1 and client().initialized ~= false
  end)
end)

step("break a field", function()
  -- A finding that the base does not have shows that the server has answered.
  replace(order, "message Order", "message order")
  expect(order, "MESSAGE_PASCAL_CASE")
  replace(order, "message order", "message Order")
  expect(order, "")
  replace(order, "int32 quantity", "string quantity")
  expect(order, "FIELD_SAME_TYPE")
  local found = diagnostic(order, "FIELD_SAME_TYPE")
  local line, column = place(order, "string quantity")
  assert(found.lnum == line and found.col == column, vim.inspect(found))
  assert(found.severity == vim.diagnostic.severity.ERROR and found.source == "protolint", vim.inspect(found))
  local old = assert(found.user_data.lsp.relatedInformation, "no old place")[1]
  assert(old.location.uri == vim.uri_from_bufnr(order), vim.inspect(old))
  assert(old.message:find("int32 quantity = 2", 1, true), vim.inspect(old))
end)

step("apply a fix to a finding of check", function()
  replace(order, "repeated Item items", "repeated string items")
  expect(order, "FIELD_SAME_TYPE FIELD_SAME_TYPE IMPORT_USED")
  fix(order, "IMPORT_USED", "import")
  expect(order, "FIELD_SAME_TYPE FIELD_SAME_TYPE")
  assert(not text(order):find("import", 1, true), text(order))
end)

step("apply a fix to a break", function()
  delete_line(order, "voucher")
  expect(order, "FIELD_NO_DELETE FIELD_SAME_TYPE FIELD_SAME_TYPE")
  fix(order, "FIELD_NO_DELETE", "reserve")
  expect(order, "FIELD_SAME_TYPE FIELD_SAME_TYPE")
  assert(text(order):find('reserved "voucher"', 1, true), text(order))
  replace(order, "string quantity", "int32 quantity")
  expect(order, "FIELD_SAME_TYPE")
end)

step("hover", function()
  put_cursor(order, "quantity")
  vim.lsp.buf.hover()
  local shown
  wait("a floating window", function()
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(window).relative ~= "" then
        shown = text(vim.api.nvim_win_get_buf(window))
        vim.api.nvim_win_close(window, true)
        return true
      end
    end
  end)
  assert(shown:find("acme.shop.v1.Order.quantity", 1, true), shown)
end)

step("rename in two files", function()
  local shipment = open("shipment.proto")
  put_cursor(shipment, "Parcel parcels")
  vim.lsp.buf.rename("Package")
  local parcel = vim.fn.bufadd("proto/acme/shop/v1/parcel.proto")
  wait("the new name", function()
    return vim.api.nvim_buf_is_loaded(parcel)
      and text(parcel):find("message Package {", 1, true)
      and text(shipment):find("repeated Package parcels = 1;", 1, true)
  end)
  expect(shipment, "")
end)

step("complete a type, with its import", function()
  put_cursor(order, "}")
  vim.api.nvim_buf_set_lines(order, vim.fn.line(".") - 1, vim.fn.line(".") - 1, true, { "  /* 𝄞 */ Mon" })
  put_cursor(order, "Mon")
  local params = position_params()
  params.position.character = params.position.character + #"Mon"
  local answer = request(order, "textDocument/completion", params)
  local money
  for _, item in ipairs(answer.items or answer) do
    if item.label:match("[%w_]+$") == "Money" then
      money = item
    end
  end
  assert(money, vim.inspect(answer))
  if not money.additionalTextEdits then
    money = request(order, "completionItem/resolve", money)
  end
  local encoding = client().offset_encoding
  vim.lsp.util.apply_text_edits({ money.textEdit }, order, encoding)
  vim.lsp.util.apply_text_edits(money.additionalTextEdits, order, encoding)
  assert(text(order):find('import "acme/money/v1/money.proto";', 1, true), text(order))
  replace(order, "Money", "Money price = 4;")
  expect(order, "FIELD_SAME_TYPE")
end)

step("format", function()
  replace(order, "  reserved 3;", "reserved   3 ;")
  vim.api.nvim_set_current_buf(order)
  if vim.lsp.buf.format then
    vim.lsp.buf.format({ async = false, timeout_ms = MILLISECONDS })
  else
    vim.lsp.buf.formatting_sync(nil, MILLISECONDS)
  end
  assert(text(order):find("\n  reserved 3;\n", 1, true), text(order))
end)

step("cancel a request", function()
  put_cursor(order, "Order")
  local params = position_params()
  params.context = { includeDeclaration = true }
  for _ = 1, 20 do
    local running = client()
    local sent, id
    if is_new then
      sent, id = running:request("textDocument/references", params, function() end, order)
      running:cancel_request(id)
    else
      sent, id = running.request("textDocument/references", params, function() end, order)
      running.cancel_request(id)
    end
    assert(sent, "the request was not sent")
  end
  assert(#request(order, "textDocument/references", params) >= 1, "no references")
end)

step("end the server", function()
  local running = client()
  if is_new then
    running:stop()
  else
    running.stop()
  end
  wait("the end of the server", function()
    return exit_status ~= nil
  end)
  assert(exit_status == 0, ("status %s"):format(exit_status))
end)

io.stdout:write(("\n%d steps passed\n"):format(steps))
vim.cmd("qa!")
