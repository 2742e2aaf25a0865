//! Writes enums, services, and what reserved and extension ranges look like. It knows no fields.

use super::super::decode::{Fault, is_identifier, quoted};
use super::super::literal;
use super::super::model::{Enum, EnumValue, ExtensionRange, Method, Service};
use super::{Printed, Printer, visibility};

/// The number behind the largest field number.
const FIELD_NUMBERS_END: i64 = 1 << 29;

/// The largest number of all, and of the extensions of a message set.
const MOST: i64 = i32::MAX as i64;

impl<'f> Printer<'_, 'f> {
    pub(super) fn enumeration(&mut self, of: &'f Enum<'f>) -> Printed {
        self.blank_line();
        let opened = self.open(&format!("{}enum {}", visibility(of.visibility), of.name));
        self.option_statements("EnumOptions", &of.options)?;
        if !of.reserved_ranges.is_empty() {
            let ranges = of.reserved_ranges.iter().map(|&(first, last)| range(first.into(), last.into(), MOST));
            self.list("reserved", ranges);
        }
        self.reserved_names(&of.reserved_names)?;
        for value in &of.values {
            self.enum_value(value)?;
        }
        self.close(opened);
        Ok(())
    }

    fn enum_value(&mut self, value: &EnumValue<'f>) -> Printed {
        let line = self.out.len();
        self.start_line();
        self.out.push_str(value.name);
        self.out.push_str(&format!(" = {}", value.number));
        self.option_list(line, Vec::new(), "EnumValueOptions", &value.options)?;
        self.out.push_str(";\n");
        Ok(())
    }

    pub(super) fn service(&mut self, service: &'f Service<'f>) -> Printed {
        self.blank_line();
        let opened = self.open(&format!("service {}", service.name));
        self.scopes.enter(service.name, self.symbols);
        self.option_statements("ServiceOptions", &service.options)?;
        if !service.options.is_empty() {
            self.blank_line();
        }
        for method in &service.methods {
            self.method(method)?;
        }
        self.scopes.leave();
        self.close(opened);
        Ok(())
    }

    fn method(&mut self, method: &Method<'f>) -> Printed {
        let side = |name: &'f str, is_stream: bool| {
            let word = if is_stream { "stream " } else { "" };
            format!("{word}{}", self.scopes.reference(name, self.symbols))
        };
        let input = side(method.input, method.client_streaming);
        let output = side(method.output, method.server_streaming);
        let head = format!("rpc {}({input}) returns ({output})", method.name);
        if method.options.is_empty() {
            self.line(&format!("{head};"));
            return Ok(());
        }
        let opened = self.open(&head);
        self.option_statements("MethodOptions", &method.options)?;
        self.close(opened);
        Ok(())
    }

    pub(super) fn reserved_names(&mut self, names: &[&'f str]) -> Printed {
        if names.is_empty() {
            return Ok(());
        }
        let is_edition = self.is_edition();
        let mut literals = Vec::with_capacity(names.len());
        for name in names {
            literals.push(match is_edition {
                true if is_identifier(name) => (*name).to_owned(),
                true => return Err(format!("the reserved name {} is no name", quoted(name))),
                false => {
                    let mut literal = String::new();
                    literal::write_string(name.as_bytes(), &mut literal);
                    literal
                }
            });
        }
        self.list("reserved", literals.into_iter());
        Ok(())
    }

    pub(super) fn reserved_ranges(&mut self, ranges: &[(i32, i32)]) {
        if !ranges.is_empty() {
            let ranges =
                ranges.iter().map(|&(start, end)| range(start.into(), i64::from(end) - 1, FIELD_NUMBERS_END - 1));
            self.list("reserved", ranges);
        }
    }

    pub(super) fn extension_ranges(&mut self, ranges: &[ExtensionRange<'f>]) -> Result<(), Fault> {
        for ExtensionRange { start, end, options } in ranges {
            let end = i64::from(*end);
            let last = if end == MOST { FIELD_NUMBERS_END - 1 } else { end - 1 };
            let line = self.out.len();
            self.start_line();
            self.out.push_str("extensions ");
            self.out.push_str(&range((*start).into(), last, FIELD_NUMBERS_END - 1));
            self.option_list(line, Vec::new(), "ExtensionRangeOptions", options)?;
            self.out.push_str(";\n");
        }
        Ok(())
    }
}

/// `1`, `1 to 5`, or `1 to max` where the range ends with the largest number.
fn range(first: i64, last: i64, most: i64) -> String {
    if last == most && first != last {
        format!("{first} to max")
    } else if first == last {
        first.to_string()
    } else {
        format!("{first} to {last}")
    }
}
