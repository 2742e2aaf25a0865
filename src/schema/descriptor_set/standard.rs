//! The options that protobuf itself defines, for sets that do not hold `descriptor.proto` or hold an old one. It has
//! numbers and names, nothing of sets.

use super::model::{Enum, EnumValue, Field, Kind, Label, Message};

/// A type, or the extensions of one type that one package declares, each with its full name.
#[derive(Debug)]
pub(crate) enum Standard {
    Message(&'static str, Message<'static>),
    Enum(&'static str, Enum<'static>),
    Extensions(&'static str, Vec<Field<'static>>),
}

/// Reads [`TABLE`].
pub(crate) fn standard() -> Vec<Standard> {
    let mut found = Vec::new();
    for line in TABLE.lines() {
        let mut words = line.split(' ');
        let (Some(first), Some(second)) = (words.next(), words.next()) else { continue };
        let third = words.next().unwrap_or_default();
        let Ok(number) = first.parse::<i32>() else {
            found.push(match first {
                "message" => Standard::Message(second, Message::default()),
                "enum" => Standard::Enum(second, Enum::default()),
                _ => Standard::Extensions(second, Vec::new()),
            });
            continue;
        };
        let kind = Kind::from_keyword(third).unwrap_or_default();
        let type_name = if kind == Kind::Unsaid { third } else { "" };
        let label = if words.next().is_some() { Label::Repeated } else { Label::Optional };
        let field = Field { name: second, number, label, kind, type_name, ..Field::default() };
        match found.last_mut() {
            Some(Standard::Message(_, message)) => message.fields.push(field),
            Some(Standard::Enum(_, holder)) => {
                holder.values.push(EnumValue { name: second, number, ..EnumValue::default() });
            }
            Some(Standard::Extensions(_, fields)) => {
                fields.push(Field { extendee: ".google.protobuf.FeatureSet", ..field });
            }
            None => {}
        }
    }
    found
}

/// `google/protobuf/descriptor.proto` and the features of languages, as of protobuf 36: a type with its full name, then
/// its fields or values by number. `uninterpreted_option` and `map_entry` are no source's to say.
const TABLE: &str = "\
message google.protobuf.FileOptions
1 java_package string
8 java_outer_classname string
9 optimize_for .google.protobuf.FileOptions.OptimizeMode
10 java_multiple_files bool
11 go_package string
16 cc_generic_services bool
17 java_generic_services bool
18 py_generic_services bool
20 java_generate_equals_and_hash bool
23 deprecated bool
27 java_string_check_utf8 bool
31 cc_enable_arenas bool
36 objc_class_prefix string
37 csharp_namespace string
39 swift_prefix string
40 php_class_prefix string
41 php_namespace string
44 php_metadata_namespace string
45 ruby_package string
50 features .google.protobuf.FeatureSet
enum google.protobuf.FileOptions.OptimizeMode
1 SPEED
2 CODE_SIZE
3 LITE_RUNTIME
message google.protobuf.MessageOptions
1 message_set_wire_format bool
2 no_standard_descriptor_accessor bool
3 deprecated bool
11 deprecated_legacy_json_field_conflicts bool
12 features .google.protobuf.FeatureSet
message google.protobuf.FieldOptions
1 ctype .google.protobuf.FieldOptions.CType
2 packed bool
3 deprecated bool
5 lazy bool
6 jstype .google.protobuf.FieldOptions.JSType
10 weak bool
15 unverified_lazy bool
16 debug_redact bool
17 retention .google.protobuf.FieldOptions.OptionRetention
19 targets .google.protobuf.FieldOptions.OptionTargetType repeated
20 edition_defaults .google.protobuf.FieldOptions.EditionDefault repeated
21 features .google.protobuf.FeatureSet
22 feature_support .google.protobuf.FieldOptions.FeatureSupport
enum google.protobuf.FieldOptions.CType
0 STRING
1 CORD
2 STRING_PIECE
enum google.protobuf.FieldOptions.JSType
0 JS_NORMAL
1 JS_STRING
2 JS_NUMBER
enum google.protobuf.FieldOptions.OptionRetention
0 RETENTION_UNKNOWN
1 RETENTION_RUNTIME
2 RETENTION_SOURCE
enum google.protobuf.FieldOptions.OptionTargetType
0 TARGET_TYPE_UNKNOWN
1 TARGET_TYPE_FILE
2 TARGET_TYPE_EXTENSION_RANGE
3 TARGET_TYPE_MESSAGE
4 TARGET_TYPE_FIELD
5 TARGET_TYPE_ONEOF
6 TARGET_TYPE_ENUM
7 TARGET_TYPE_ENUM_ENTRY
8 TARGET_TYPE_SERVICE
9 TARGET_TYPE_METHOD
message google.protobuf.FieldOptions.EditionDefault
2 value string
3 edition .google.protobuf.Edition
message google.protobuf.FieldOptions.FeatureSupport
1 edition_introduced .google.protobuf.Edition
2 edition_deprecated .google.protobuf.Edition
3 deprecation_warning string
4 edition_removed .google.protobuf.Edition
5 removal_error string
enum google.protobuf.Edition
0 EDITION_UNKNOWN
1 EDITION_1_TEST_ONLY
2 EDITION_2_TEST_ONLY
900 EDITION_LEGACY
998 EDITION_PROTO2
999 EDITION_PROTO3
1000 EDITION_2023
1001 EDITION_2024
1002 EDITION_2026
9999 EDITION_UNSTABLE
99997 EDITION_99997_TEST_ONLY
99998 EDITION_99998_TEST_ONLY
99999 EDITION_99999_TEST_ONLY
2147483647 EDITION_MAX
message google.protobuf.OneofOptions
1 features .google.protobuf.FeatureSet
message google.protobuf.EnumOptions
2 allow_alias bool
3 deprecated bool
6 deprecated_legacy_json_field_conflicts bool
7 features .google.protobuf.FeatureSet
message google.protobuf.EnumValueOptions
1 deprecated bool
2 features .google.protobuf.FeatureSet
3 debug_redact bool
4 feature_support .google.protobuf.FieldOptions.FeatureSupport
message google.protobuf.ServiceOptions
33 deprecated bool
34 features .google.protobuf.FeatureSet
message google.protobuf.MethodOptions
33 deprecated bool
34 idempotency_level .google.protobuf.MethodOptions.IdempotencyLevel
35 features .google.protobuf.FeatureSet
enum google.protobuf.MethodOptions.IdempotencyLevel
0 IDEMPOTENCY_UNKNOWN
1 NO_SIDE_EFFECTS
2 IDEMPOTENT
message google.protobuf.ExtensionRangeOptions
2 declaration .google.protobuf.ExtensionRangeOptions.Declaration repeated
3 verification .google.protobuf.ExtensionRangeOptions.VerificationState
50 features .google.protobuf.FeatureSet
message google.protobuf.ExtensionRangeOptions.Declaration
1 number int32
2 full_name string
3 type string
5 reserved bool
6 repeated bool
enum google.protobuf.ExtensionRangeOptions.VerificationState
0 DECLARATION
1 UNVERIFIED
message google.protobuf.FeatureSet
1 field_presence .google.protobuf.FeatureSet.FieldPresence
2 enum_type .google.protobuf.FeatureSet.EnumType
3 repeated_field_encoding .google.protobuf.FeatureSet.RepeatedFieldEncoding
4 utf8_validation .google.protobuf.FeatureSet.Utf8Validation
5 message_encoding .google.protobuf.FeatureSet.MessageEncoding
6 json_format .google.protobuf.FeatureSet.JsonFormat
7 enforce_naming_style .google.protobuf.FeatureSet.EnforceNamingStyle
8 default_symbol_visibility .google.protobuf.FeatureSet.VisibilityFeature.DefaultSymbolVisibility
9 enforce_proto_limits .google.protobuf.FeatureSet.ProtoLimitsFeature.EnforceProtoLimits
enum google.protobuf.FeatureSet.FieldPresence
0 FIELD_PRESENCE_UNKNOWN
1 EXPLICIT
2 IMPLICIT
3 LEGACY_REQUIRED
enum google.protobuf.FeatureSet.EnumType
0 ENUM_TYPE_UNKNOWN
1 OPEN
2 CLOSED
enum google.protobuf.FeatureSet.RepeatedFieldEncoding
0 REPEATED_FIELD_ENCODING_UNKNOWN
1 PACKED
2 EXPANDED
enum google.protobuf.FeatureSet.Utf8Validation
0 UTF8_VALIDATION_UNKNOWN
2 VERIFY
3 NONE
enum google.protobuf.FeatureSet.MessageEncoding
0 MESSAGE_ENCODING_UNKNOWN
1 LENGTH_PREFIXED
2 DELIMITED
enum google.protobuf.FeatureSet.JsonFormat
0 JSON_FORMAT_UNKNOWN
1 ALLOW
2 LEGACY_BEST_EFFORT
enum google.protobuf.FeatureSet.EnforceNamingStyle
0 ENFORCE_NAMING_STYLE_UNKNOWN
1 STYLE2024
2 STYLE_LEGACY
3 STYLE2026
enum google.protobuf.FeatureSet.VisibilityFeature.DefaultSymbolVisibility
0 DEFAULT_SYMBOL_VISIBILITY_UNKNOWN
1 EXPORT_ALL
2 EXPORT_TOP_LEVEL
3 LOCAL_ALL
4 STRICT
enum google.protobuf.FeatureSet.ProtoLimitsFeature.EnforceProtoLimits
0 PROTO_LIMITS_UNKNOWN
1 LEGACY_NO_EXPLICIT_LIMITS
2 PROTO_LIMITS2026
extensions pb
1000 cpp .pb.CppFeatures
1001 java .pb.JavaFeatures
1002 go .pb.GoFeatures
message pb.CppFeatures
1 legacy_closed_enum bool
2 string_type .pb.CppFeatures.StringType
3 enum_name_uses_string_view bool
4 repeated_type .pb.CppFeatures.RepeatedType
enum pb.CppFeatures.StringType
0 STRING_TYPE_UNKNOWN
1 VIEW
2 CORD
3 STRING
enum pb.CppFeatures.RepeatedType
0 REPEATED_TYPE_UNKNOWN
1 LEGACY
2 PROXY
message pb.JavaFeatures
1 legacy_closed_enum bool
2 utf8_validation .pb.JavaFeatures.Utf8Validation
3 large_enum bool
4 use_old_outer_classname_default bool
5 nest_in_file_class .pb.JavaFeatures.NestInFileClassFeature.NestInFileClass
enum pb.JavaFeatures.Utf8Validation
0 UTF8_VALIDATION_UNKNOWN
1 DEFAULT
2 VERIFY
enum pb.JavaFeatures.NestInFileClassFeature.NestInFileClass
0 NEST_IN_FILE_CLASS_UNKNOWN
1 NO
2 YES
message pb.GoFeatures
1 legacy_unmarshal_json_enum bool
2 api_level .pb.GoFeatures.APILevel
3 strip_enum_prefix .pb.GoFeatures.StripEnumPrefix
4 optimize_mode .pb.GoFeatures.OptimizeModeFeature.OptimizeMode
enum pb.GoFeatures.APILevel
0 API_LEVEL_UNSPECIFIED
1 API_OPEN
2 API_HYBRID
3 API_OPAQUE
enum pb.GoFeatures.StripEnumPrefix
0 STRIP_ENUM_PREFIX_UNSPECIFIED
1 STRIP_ENUM_PREFIX_KEEP
2 STRIP_ENUM_PREFIX_GENERATE_BOTH
3 STRIP_ENUM_PREFIX_STRIP
enum pb.GoFeatures.OptimizeModeFeature.OptimizeMode
0 OPTIMIZE_MODE_UNSPECIFIED
1 SPEED
2 CODE_SIZE
";
